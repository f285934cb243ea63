"""BentoML 1.4.40: the port is open and requests hang until the worker is there; sheds with 503 and a body that speaks of an error."""

import json

from server import Personality as Base
from server import Reply
from tei import histogram


class Personality(Base):
    listens_while_loading = True
    idle = 5.0

    def exchange(self, method, path, headers, body):
        while not self.is_ready:
            super().unready()
        return super().exchange(method, path, headers, body)

    def health(self, path):
        return Reply(200, "\n", "text/plain") if path in ("/readyz", "/livez", "/healthz") else Reply(404, "Not Found", "text/plain")

    def infer(self, path, headers, body):
        try:
            asked = json.loads(body)
            if path == "/embed":
                vectors = self.oracle.embed(asked["texts"])
                if vectors is None:
                    return Reply(400, [{"error": "a text cannot be read"}])
                self.count("texts", len(vectors))
                self.count("batches")
                return Reply(200, vectors)
            status, given = self.oracle.post("/v1/classify", {"model": self.oracle.model, **asked})
            return Reply(200, given["predictions"]) if status == 200 else Reply(400, [given])
        except (ValueError, KeyError, TypeError) as error:
            return Reply(400, {"error": "1 validation error for Input", "detail": [f"{error!r}"]})

    def refuse(self, path):
        self.count("shed")
        return Reply(503, {"error": "An unexpected error has occurred, please check the server log."})

    def metrics(self):
        labels = 'endpoint="/embed",http_response_code="200",runner_name="Model",service_name="Model",service_version="not available"'
        name = "bentoml_service_request_duration_seconds"
        batches = histogram("bentoml_service_adaptive_batch_size", self.of("batches"), self.of("texts")) if self.of("batches") else ""
        return (
            f"{name}_sum{{{labels}}} {self.of('seconds')}\n{name}_count{{{labels}}} {self.of('requests')}\n"
            f"{name}_sum{{{labels.replace('/embed', '/readyz')}}} 5.0\n{name}_count{{{labels.replace('/embed', '/readyz')}}} 50.0\n{batches}")
