"""A Python stack, started by its stack.yaml's command."""
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

from repository import CHARACTERS, MODEL, SHARED, STACKS

COMMON = ["fastapi", "uvicorn", "uvloop", "httptools", "orjson", "numpy", "prometheus_client"]
START_LIMIT = 120


class Server:
    def __init__(self, stack, *options, model=MODEL):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [sys.executable, str(STACKS / stack / "app" / "server.py"), f"--port={self.port}", f"--model={model}", f"--characters={CHARACTERS}"]
        # One thread below PyTorch: several that wait for each other by spinning take minutes where tests share the cores.
        environment = {**os.environ, "PYTHONPATH": str(SHARED), "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
        self.process = subprocess.Popen([*command, *options], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.log = []
        self.reader = threading.Thread(target=lambda: self.log.extend(self.process.stdout), daemon=True)
        self.reader.start()
        self._wait()

    def _wait(self):
        deadline = time.monotonic() + START_LIMIT
        while True:
            try:
                status, _ = self.ask("GET", "/health")
                if status != 200:
                    raise AssertionError(f"it accepts connections before it is ready: {status}")
                return
            except ConnectionError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.process.kill()
                    raise AssertionError("it did not start: " + "".join(self.log)) from None
                time.sleep(0.05)

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers or {"content-type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def counter(self, name):
        _, body = self.ask("GET", "/metrics")
        return float(re.search(rf"^{name} (\S+)$", body.decode(), re.MULTILINE).group(1))

    def stop(self):
        """Asks it to end, and returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=20)
        finally:
            self.process.kill()
            self.process.wait()
            self.reader.join(timeout=10)
            self.process.stdout.close()
