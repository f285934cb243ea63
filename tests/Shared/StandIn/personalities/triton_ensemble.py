"""Triton with an ensemble: a column of texts in; its own counters and its members'."""

import json

import triton
from server import Reply


class Personality(triton.Personality):
    def infer(self, path, headers, body):
        try:
            asked = json.loads(body)
            [tensor] = asked["inputs"]
            texts, shape = tensor["data"], tensor["shape"]
        except (ValueError, KeyError, TypeError) as error:
            return Reply(500, {"error": f"failed to parse the request JSON buffer: {error}"})
        if shape != [len(texts), 1]:
            return Reply(400, {"error": f"unexpected shape for input 'text' for model. Expected [-1,1], got {shape}"})
        vectors = self.oracle.embed(texts)
        if vectors is None:
            return Reply(400, {"error": "a text cannot be read"})
        self.count("rows", len(vectors))
        self.count("executions")
        output = {"name": "embedding", "datatype": "FP32", "shape": [len(vectors), len(vectors[0])], "data": [x for v in vectors for x in v]}
        parameters = {"sequence_id": 0, "sequence_start": False, "sequence_end": False}
        return Reply(200, {"model_name": self.oracle.model, "model_version": "1", "parameters": parameters, "outputs": [output]})

    def metrics(self):
        rows, executions = self.of("rows"), self.of("executions")
        return "".join(self.series(name, rows, executions) for name in (self.oracle.model, "tokens", "network"))
