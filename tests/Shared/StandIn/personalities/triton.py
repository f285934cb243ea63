"""Triton 2.51.0: refuses connections until it is ready; microseconds; refusals are in no counter; it waits for idle connections to end."""

import json
import time

from server import Personality as Base
from server import Reply


class Personality(Base):
    #: --exit-timeout-secs; code 1 after that.
    exit_seconds = 10.0
    model_label = None

    def health(self, path):
        if path in ("/v2/health/ready", "/v2/health/live"):
            return Reply(200 if self.is_ready else 400, "", kind="")
        return Reply(404, {"error": "Not Found"})

    def infer(self, path, headers, body):
        length = headers.get("Inference-Header-Content-Length")
        passed = {"Inference-Header-Content-Length": length, "Content-Type": "application/octet-stream"} if length else {}
        status, given, _ = self.oracle.ask("POST", path, body, passed)
        if status != 200:
            # What cannot be read is 500 here, everything else that is the client's fault 400.
            text = json.loads(given).get("error", "")
            unreadable = isinstance(text, str) and "JSON" in text
            return Reply(500, {"error": f"failed to parse the request JSON buffer: {text}"}) if unreadable else Reply(400, {"error": f"{text}"})
        answer = json.loads(given)
        self.count("rows", answer["outputs"][0]["shape"][0])
        self.count("executions")
        return Reply(200, {"model_version": "1", **answer})

    def refuse(self, path):
        return Reply(503, {"error": "[request id: <id_unknown>] Exceeds maximum queue size"})

    def metrics(self):
        return self.series(self.oracle.model, self.of("rows"), self.of("executions"))

    def series(self, model, rows, executions):
        labels = f'{{model="{model}",version="1"}}'
        micro = 1e6 * self.of("seconds")
        parts = {"request": micro, "queue": micro / 8, "compute_input": micro / 8, "compute_infer": micro / 2, "compute_output": micro / 8}
        return (
            f"nv_inference_request_success{labels} {self.of('requests'):.0f}\n"
            f'nv_inference_request_failure{{model="{model}",reason="REJECTED",version="1"}} 0\n'
            f"nv_inference_count{labels} {rows:.0f}\nnv_inference_exec_count{labels} {executions:.0f}\n"
            f"nv_inference_pending_request_count{labels} 0\n"
            + "".join(f"nv_inference_{part}_duration_us{labels} {value:.0f}\n" for part, value in parts.items()))

    def end(self, connections):
        until = time.monotonic() + self.exit_seconds
        while connections() > 0:
            if time.monotonic() > until:
                return 1
            time.sleep(0.02)
        return 0
