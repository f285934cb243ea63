"""Ray Serve 2.60.0: healthy while requests are still held; back pressure as text; ends with code 1."""

from openai import OpenAi
from server import Reply


class Personality(OpenAi):
    listens_while_loading = True
    idle = 90.0

    def exchange(self, method, path, headers, body):
        while method == "POST" and not self.is_ready:
            super().unready()
        return super().exchange(method, path, headers, body)

    def health(self, path):
        return Reply(200, "success", "text/plain") if path == "/-/healthz" else Reply(404, f"Path '{path}' not found.", "text/plain")

    def refuse(self, path):
        text = "Request dropped due to backpressure (num_queued_requests=3, max_queued_requests=3)."
        return Reply(503, text, "text/plain")

    def metrics(self):
        labels = '{application="model",deployment="Model",route="/",status_code="200"}'
        return f"ray_serve_num_http_requests_total{labels} {self.of('requests')}\nray_serve_deployment_queued_queries{labels} 0\n"

    def end(self, connections):
        return 1
