// k6 has a console, but @types/k6 leaves it to the DOM's types, which would also let scripts use what k6 lacks.
declare const console: { log(message: string): void };
