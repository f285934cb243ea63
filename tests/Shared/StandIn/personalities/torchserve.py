"""TorchServe 0.12.0: Healthy before anything is loaded, requests wait until the worker is there; a wrapper that swallows SIGTERM; no content
type; counters with a comma too many; every error closes the connection, and 503 is every exception, too."""

import json

from server import Personality as Base
from server import Reply, texts_of


class Personality(Base):
    shape = "wrapper"
    child = "java-ModelServer"
    listens_while_loading = True

    def health(self, path):
        return Reply(200, {"status": "Healthy"}) if path == "/ping" else self.failed(404, "ResourceNotFoundException", "Requested resource is not found")

    def exchange(self, method, path, headers, body):
        while method == "POST" and not self.is_ready:
            super().unready()
        return super().exchange(method, path, headers, body)

    def infer(self, path, headers, body):
        if path != f"/predictions/{self.oracle.model}":
            return self.failed(404, "ModelNotFoundException", f"Model not found: {path}")
        try:
            asked = json.loads(body)
            if "images" in asked:
                status, given = self.oracle.post("/v1/classify", {"model": self.oracle.model, **asked})
                answer = given if status == 200 else None
            else:
                vectors = self.oracle.embed(texts_of(asked["input"]))
                answer = vectors and {"data": [{"embedding": v} for v in vectors]}
        except (ValueError, KeyError, TypeError):
            answer = None
        if answer is None:
            return self.failed(503, "InternalServerException", "Prediction failed")
        return Reply(200, json.dumps(answer, indent=2), kind="")

    @staticmethod
    def failed(status, kind, message):
        return Reply(status, {"code": status, "type": kind, "message": message}, closes=True)

    def refuse(self, path):
        self.count("refused")
        text = 'Model "m" has no worker to serve inference request. Please use scale workers API to add workers.'
        return self.failed(503, "ServiceUnavailableException", text)

    def metrics(self):
        requests = self.of("requests") + self.of("refused")
        if requests == 0:
            return "# TYPE ts_inference_requests_total counter\n"
        labels = '{model_name="m",model_version="default",hostname="h",}'
        return (
            f"ts_inference_requests_total{labels} {requests}\n"
            f"ts_inference_latency_microseconds{labels} {1e6 * self.of('seconds')}\n"
            f"ts_queue_latency_microseconds{labels} {1e6 * self.of('seconds') / 4}\n"
            'QueueTime{Level="Host",Hostname="h",} 3.0\n')
