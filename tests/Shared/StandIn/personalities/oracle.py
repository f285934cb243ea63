"""Right answers, which this repository's own server computes as a child of the stand-in."""

import ctypes
import http.client
import json
import os
import queue
import signal
import socket
import subprocess
import time


class Oracle:
    LIMIT = 60.0  # seconds that it may take to start

    def __init__(self, program, model):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        with open(os.path.join(model, "model.json"), encoding="utf-8") as file:
            self.manifest = json.load(file)
        self.model = self.manifest["model"]
        arguments = [program, f"--urls=http://127.0.0.1:{self.port}", f"--model={model}", "--threads=1", "--batching=dynamic"]
        # It must not outlive this process, however that ends.
        self.process = subprocess.Popen(arguments, preexec_fn=lambda: ctypes.CDLL(None).prctl(1, signal.SIGKILL), stdout=subprocess.DEVNULL)
        self.idle = queue.LifoQueue()
        self.wait()

    def wait(self):
        until = time.monotonic() + self.LIMIT
        while True:
            try:
                if self.ask("GET", "/v2/health/ready")[0] == 200:
                    return
            except OSError:
                pass
            if time.monotonic() > until or self.process.poll() is not None:
                raise SystemExit(f"the server that computes the answers did not start within {self.LIMIT} s")
            time.sleep(0.02)

    def ask(self, method, path, body=b"", headers=None):
        """Status, body and content type of an answer."""
        try:
            connection = self.idle.get_nowait()
        except queue.Empty:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body if body else None, {"Content-Type": "application/json", **(headers or {})})
            answer = connection.getresponse()
            given = answer.status, answer.read(), answer.getheader("content-type", "")
        except http.client.HTTPException as error:
            connection.close()
            raise OSError(str(error)) from None
        except OSError:
            connection.close()
            raise
        self.idle.put(connection)
        return given

    def post(self, path, body):
        """Status and JSON of an answer to JSON."""
        status, given, _ = self.ask("POST", path, json.dumps(body).encode())
        return status, json.loads(given)

    def embed(self, texts):
        """A vector for each text; None where one cannot be embedded."""
        status, given = self.post("/v1/embeddings", {"model": self.model, "input": texts})
        return [item["embedding"] for item in given["data"]] if status == 200 else None

    def close(self):
        self.process.kill()
        self.process.wait()
