"""LitServe 0.2.19: ends at SIGTERM alone while its children serve on; no counters; nothing is refused."""

from openai import OpenAi
from server import Reply


class Personality(OpenAi):
    shape = "survivors"
    child = "inference-worker"
    refuses = False

    def get(self, path):
        if path == "/health":
            return Reply(200, "ok", "text/plain")
        return Reply(404, {"detail": "Not Found"})
