"""Text Embeddings Inference 1.9.3: the port opens when all is ready; an empty page of counters at first; a permit for each text."""

from openai import OpenAi
from server import Reply


class Personality(OpenAi):
    idle = None

    def refuse(self, path):
        self.count("refused")
        if path.startswith("/v1"):
            return Reply(429, {"message": "Model is overloaded", "code": 429, "type": "Overloaded"})
        return Reply(429, {"error": "Model is overloaded", "error_type": "Overloaded"})

    def metrics(self):
        if self.of("requests") == 0:
            return ""
        requests, texts, seconds = self.of("requests"), self.of("texts"), self.of("seconds")
        return "".join(
            f"# TYPE {name} {kind}\n{lines}"
            for name, kind, lines in [
                ("te_request_count", "counter", f'te_request_count{{method="single"}} {requests + self.of("refused")}\n'),
                ("te_request_failure", "counter", f'te_request_failure{{err="overloaded"}} {self.of("refused")}\n'),
                ("te_embed_success", "counter", f"te_embed_success {texts}\n"),
                ("te_queue_size", "gauge", "te_queue_size 0\n"),
                ("te_request_queue_duration", "histogram", histogram("te_request_queue_duration", requests, seconds / 4)),
                ("te_request_inference_duration", "histogram", histogram("te_request_inference_duration", requests, seconds / 2)),
                # Polls of an empty queue count as batches of none.
                ("te_batch_next_size", "histogram", histogram("te_batch_next_size", 3 * requests, texts)),
            ])


def histogram(name, count, total):
    return f'{name}_bucket{{le="+Inf"}} {count}\n{name}_sum {total}\n{name}_count {count}\n'
