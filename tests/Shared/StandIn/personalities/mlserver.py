"""MLServer 1.7.1: 400 until ready, to probes with an empty body; histograms that hold lengths; models count under a version None."""

import json

from server import Personality as Base
from server import Reply
from tei import histogram


class Personality(Base):
    listens_while_loading = True
    idle = 5.0
    refuses = False

    def health(self, path):
        return Reply(200 if self.is_ready else 400, "", kind="") if path == "/v2/health/ready" else Reply(404, {"detail": "Not Found"})

    def unready(self):
        return Reply(400, {"error": "Model m is not ready yet."})

    def infer(self, path, headers, body):
        try:
            vectors = self.oracle.embed(json.loads(body)["inputs"][0]["data"])
        except (ValueError, KeyError, TypeError) as error:
            return Reply(422, {"detail": [{"type": "missing", "loc": ["body"], "msg": f"{error!r}"}]})
        if vectors is None:
            return Reply(500, {"error": "builtins.ValueError: cannot reshape array"})
        flat = [x for v in vectors for x in v]
        output = {"name": "embedding", "shape": [len(vectors), len(vectors[0])], "datatype": "FP32", "parameters": {"content_type": "np"}, "data": flat}
        return Reply(200, {"model_name": self.oracle.model, "model_version": "v1", "id": "0", "parameters": {}, "outputs": [output]})

    def metrics(self):
        name, labels = "model_infer_request_duration", '{model="m",version="None"}'
        return (
            f"{name}_count{labels} {self.of('requests')}\n{name}_sum{labels} {self.of('seconds')}\n"
            + histogram("batch_request_queue", self.of("requests"), self.of("requests") / 2))
