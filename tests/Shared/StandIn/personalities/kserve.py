"""KServe's Python server 0.21.0: both protocols; an answer of the second with null for what is absent; nothing is refused."""

import json

from server import Personality as Base
from server import Reply
from tei import histogram


class Personality(Base):
    idle = 65.0
    refuses = False

    def health(self, path):
        return Reply(200, {"ready": True}) if path == "/v2/health/ready" else Reply(404, {"detail": "Not Found"})

    def infer(self, path, headers, body):
        try:
            asked = json.loads(body)
            is_first = path.endswith(":predict")
            vectors = self.oracle.embed(asked["instances"] if is_first else asked["inputs"][0]["data"])
        except (ValueError, KeyError, TypeError) as error:
            return Reply(400, {"error": f"Unrecognized request format: {error}"})
        if vectors is None:
            return Reply(400, {"error": "a text cannot be read"})
        if is_first:
            return Reply(200, {"predictions": vectors})
        flat = [x for v in vectors for x in v]
        output = {"name": "embedding", "shape": [len(vectors), len(vectors[0])], "datatype": "FP32", "parameters": None, "data": flat}
        return Reply(200, {"model_name": self.oracle.model, "model_version": None, "id": "0", "parameters": None, "outputs": [output]})

    def metrics(self):
        return histogram("request_predict_seconds", self.of("requests"), self.of("seconds")) if self.of("requests") else ""
