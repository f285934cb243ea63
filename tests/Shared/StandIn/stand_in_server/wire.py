"""Requests and answers as HTTP/1.1 has them on a connection, and when the server closes it."""

import http.client
import json


class Wire:
    """One connection of a client."""

    def __init__(self, connection, habits):
        self.connection = connection
        self.habits = habits
        self.buffered = b""
        self.count = 0

    def next(self):
        """Method, path and body of the next request; None when the other side has left."""
        self.connection.settimeout(self.habits.idle_close)
        if not self.until(lambda: b"\r\n\r\n" in self.buffered):
            return None
        self.connection.settimeout(None)
        head, _, self.buffered = self.buffered.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        body = self.chunks() if headers.get("transfer-encoding", "").lower() == "chunked" else self.take(int(headers.get("content-length", 0)))
        if body is None:
            return None
        method, path, _ = lines[0].split(" ", 2)
        self.count += 1
        return method, path, body

    def until(self, enough):
        """Receives until there is enough; whether there is."""
        while not enough():
            more = self.connection.recv(1 << 20)
            if not more:
                return False
            self.buffered += more
        return True

    def take(self, length):
        if not self.until(lambda: len(self.buffered) >= length):
            return None
        taken, self.buffered = self.buffered[:length], self.buffered[length:]
        return taken

    def chunks(self):
        body = b""
        while True:
            if not self.until(lambda: b"\r\n" in self.buffered):
                return None
            size, _, self.buffered = self.buffered.partition(b"\r\n")
            length = int(size.split(b";")[0], 16)
            chunk = self.take(length + 2)
            if chunk is None or length == 0:
                return chunk and body
            body += chunk[:length]

    def send(self, status, body, kind="application/json", headers=(), failed=False):
        """Whether the connection goes on."""
        after = self.habits.close_after or ""
        closes = after == "answer" or (after == "error" and (failed or status >= 400)) or (after.isdigit() and self.count >= int(after))
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
        lines = [
            f"HTTP/1.1 {status} {http.client.responses.get(status, 'Unknown')}",
            f"content-type: {kind}",
            f"content-length: {len(content)}",
            *headers]
        if closes and not self.habits.close_silently:
            lines.append("connection: close")
        self.connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + content)
        return not closes

    def begin_events(self):
        self.connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\nconnection: close\r\n\r\n")

    def event(self, data):
        self.connection.sendall(f"data: {data if isinstance(data, str) else json.dumps(data)}\n\n".encode())

    def until_left(self):
        """Waits until the other side closes the connection."""
        while self.connection.recv(1 << 16):
            pass
