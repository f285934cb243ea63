"""Infinity 0.0.78: refuses by texts in its queue; counts requests only, and killed by SIGTERM it says so."""

from openai import OpenAi
from server import Reply
from tei import histogram


class Personality(OpenAi):
    def refuse(self, path):
        return Reply(429, {"error": {"message": "model is currently overloaded", "type": None, "param": None, "code": 429}})

    def metrics(self):
        name = "http_request_duration_highr_seconds"
        return (
            f'http_requests_total{{handler="/v1/embeddings",method="POST",status="2xx"}} {self.of("requests")}\n'
            f"# TYPE {name} histogram\n{histogram(name, self.of('requests'), self.of('seconds'))}")

    def end(self, connections):
        return 143
