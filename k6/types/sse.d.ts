// The part of the extension k6/x/sse that scripts use.
declare module 'k6/x/sse' {
  interface Event {
    id: string;
    name: string;
    data: string;
  }
  interface Client {
    on(event: 'open', listener: () => void): void;
    on(event: 'event', listener: (event: Event) => void): void;
    on(event: 'error', listener: (error: { error(): string }) => void): void;
    close(): void;
  }
  interface Params {
    method?: string;
    body?: string;
    headers?: Record<string, string>;
    timeout?: string;
  }
  const sse: { open(url: string, params: Params, setup: (client: Client) => void): { status: number; headers: Record<string, string> } | undefined };
  export default sse;
}
