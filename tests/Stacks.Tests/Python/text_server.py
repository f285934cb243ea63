"""A Python stack with a model that continues texts, and the ways of asking it."""
import http.client
import json
import time

from stack_server import Server

LIMIT = 60


class TextServer(Server):
    name = ""

    def complete(self, prompt, path="/v1/completions", **more):
        status, body = self.ask("POST", path, json.dumps({"model": self.name, "prompt": prompt, **more}))
        return status, json.loads(body)

    def open(self, prompt, path="/v1/completions", **more):
        """The answer of a stream that is still coming, and its connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        body = {"model": self.name, "prompt": prompt, "stream": True, **more}
        connection.request("POST", path, json.dumps(body), {"content-type": "application/json"})
        return connection.getresponse(), connection

    def stream(self, prompt, **more):
        """The events of a whole stream; the last must be [DONE]."""
        answer, connection = self.open(prompt, **more)
        try:
            self.content_type = answer.getheader("content-type")
            lines = answer.read().decode().split("\n\n")
        finally:
            connection.close()
        assert lines[-2:] == ["data: [DONE]", ""], lines
        return [json.loads(line.removeprefix("data: ")) for line in lines[:-2]]

    def until(self, name, due):
        deadline = time.monotonic() + LIMIT
        while (value := self.counter(name)) != due:
            if time.monotonic() > deadline:
                raise AssertionError(f"{name} is {value}, and not {due}: {''.join(self.log)}")
            time.sleep(0.05)
