"""Text Generation Inference 3.3, by its source: a stream is answered 200, and then refused in an event; no space behind `data:`."""

import json

from server import Personality as Base
from server import Reply
from tei import histogram


class Personality(Base):
    def infer(self, path, headers, body):
        if path != "/generate_stream":
            return Reply(404, "")
        status, given, kind = self.oracle.ask("POST", path, body)
        if status != 200:
            message = json.loads(given).get("error", "")
            return self.event({"error": f"Input validation error: {message}", "error_type": "validation"})
        self.count("tokens", given.count(b"data:"))
        return Reply(200, given.replace(b"data: ", b"data:"), "text/event-stream")

    def refuse(self, path):
        self.count("refused")
        return self.event({"error": "Model is overloaded", "error_type": "overloaded"})

    @staticmethod
    def event(data):
        return Reply(200, f"data:{json.dumps(data)}\n\n", "text/event-stream", [("x-accel-buffering", "no")])

    def metrics(self):
        requests, tokens = self.of("requests"), self.of("tokens")
        return (
            f'tgi_request_failure{{err="overloaded"}} {self.of("refused")}\n'
            f'tgi_batch_inference_count{{method="prefill"}} {requests}\ntgi_batch_inference_count{{method="decode"}} {tokens}\n'
            f"tgi_queue_size 0\n{histogram('tgi_batch_next_size', requests, requests)}"
            f"{histogram('tgi_request_queue_duration', requests, self.of('seconds') / 4)}")
