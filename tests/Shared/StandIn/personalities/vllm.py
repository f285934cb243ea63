"""vLLM 0.32.0: names of counters with a colon, each with a twin of when it was made; 503 when it takes no more, also before a stream."""

import json

from openai import OpenAi
from server import Reply
from tei import histogram

LABELS = '{engine="0",model_name="m"}'


class Personality(OpenAi):
    def done(self, asked, given):
        self.count("tokens", sum(1 for line in given.split(b"\n") if line.startswith(b"data: {")))

    def refuse(self, path):
        message = "The engine is currently busy handling other requests. Please try again later."
        return Reply(503, {"error": {"message": message, "type": "Service Unavailable", "param": None, "code": 503}})

    def metrics(self):
        tokens, requests = self.of("tokens"), self.of("requests")
        return (
            histogram("vllm:iteration_tokens_total", tokens / 2, tokens)
            + f"vllm:iteration_tokens_total_created{LABELS} 1.7e9\n"
            + histogram("vllm:request_queue_time_seconds", requests, self.of("seconds") / 4)
            + f"vllm:prefix_cache_hits_total{LABELS} {tokens}\nvllm:prefix_cache_queries_total{LABELS} {2 * tokens + 1}\n"
            + f"vllm:num_preemptions_total{LABELS} 0\nvllm:num_preemptions_total_created{LABELS} 1.7e9\n"
            + f"vllm:num_requests_waiting{LABELS} 0\n")

    def health(self, path):
        return Reply(200, "") if path in ("/health", "/ping") else Reply(404, json.dumps({"detail": "Not Found"}))
