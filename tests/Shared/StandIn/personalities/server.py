"""What the stand-ins share: connections, states, limits, counters."""

import http.server
import json
import socket
import threading
import time


class Reply:
    """An answer, or nothing where the server leaves the client waiting (`hangs`)."""

    def __init__(self, status, body=b"", kind="application/json", headers=(), closes=False):
        self.status = status
        self.body = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
        self.kind = kind
        self.headers = headers
        self.closes = closes


class Personality:
    """A server of another maker. Subclasses say in which it differs from these."""

    #: plain, wrapper or survivors: see launching.py.
    shape = "plain"
    #: What a serving child is called.
    child = ""
    #: Whether the port is open before the model is loaded.
    listens_while_loading = False
    #: Whether it refuses what it cannot take at once; others let everything wait.
    refuses = True
    #: Seconds after which an idle connection is closed; None: never.
    idle = None

    def __init__(self, given):
        self.given = given
        self.oracle = None
        self.inside = 0
        self.counts = {}
        self.lock = threading.Lock()

    def loaded(self, oracle):
        self.oracle = oracle

    @property
    def is_ready(self):
        return self.oracle is not None

    def count(self, name, value=1.0):
        with self.lock:
            self.counts[name] = self.counts.get(name, 0.0) + value

    def of(self, name):
        return self.counts.get(name, 0.0)

    def exchange(self, method, path, headers, body):
        """What a request is answered."""
        path = path.split("?")[0]
        if method == "GET":
            return self.get(path)
        if not self.is_ready:
            return self.unready()
        with self.lock:
            full = self.refuses and 0 < self.given.at_once <= self.inside
            self.inside += not full
        if full:
            return self.refuse(path)
        try:
            began = time.monotonic()
            reply = self.infer(path, headers, body)
            self.count("seconds", time.monotonic() - began)
            self.count("requests")
            return reply
        finally:
            with self.lock:
                self.inside -= 1

    def exchange_metrics(self, method, path, headers, body):
        return Reply(200, self.metrics(), "text/plain") if path.split("?")[0] == "/metrics" else Reply(404, "")

    def get(self, path):
        if path == "/metrics" and not self.given.metrics_port:
            return Reply(200, self.metrics(), "text/plain")
        return self.health(path)

    def unready(self):
        """A request that comes too early waits until the model is there; servers that answer it say so themselves."""
        while not self.is_ready:
            time.sleep(0.02)
        return Reply(503, {"error": "not ready"})

    def health(self, path):
        return Reply(200, "")

    def infer(self, path, headers, body):
        raise NotImplementedError

    def refuse(self, path):
        raise NotImplementedError

    def metrics(self):
        return ""

    def end(self, connections):
        """The exit code, once it may end; `connections` gives how many are open."""
        return 0


class Listener:
    """Serves the connections of a port in threads."""

    def __init__(self, personality, port, exchange):
        self.open = 0
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1
            timeout = personality.idle

            def setup(self):
                listener.open += 1
                super().setup()
                self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

            def finish(self):
                listener.open -= 1
                super().finish()

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                reply = exchange(self.command, self.path, self.headers, body)
                self.send_response(reply.status)
                if reply.kind:
                    self.send_header("Content-Type", reply.kind)
                for name, value in reply.headers:
                    self.send_header(name, value)
                if reply.kind == "text/event-stream":
                    # It ends with the connection.
                    self.close_connection = True
                    self.send_header("Connection", "close")
                else:
                    self.send_header("Content-Length", str(len(reply.body)))
                if reply.closes:
                    self.close_connection = True
                    self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(reply.body)
                self.wfile.flush()

            do_GET = do_POST = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler, bind_and_activate=False)
        self.server.daemon_threads = True
        self.server.request_queue_size = 512
        self.server.server_bind()
        self.server.server_activate()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def texts_of(value):
    return [value] if isinstance(value, str) else value
