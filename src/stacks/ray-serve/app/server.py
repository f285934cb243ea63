"""Ray Serve with ONNX Runtime on a cluster of this machine alone: texts to embeddings or images to classes, by what the model does."""
from __future__ import annotations

import argparse
import asyncio
import os
import signal
import threading

import ray
from model_server.plain import Refusal, Texts, answer, embeddings_answer, load, texts_of
from ray import serve
from starlette.requests import Request
from starlette.responses import JSONResponse


@serve.deployment
class Model:
    def __init__(self, folder: str, threads: int, batch: int, batch_wait: float):
        self._served = load(folder, threads)
        self._batches = batch > 1 and isinstance(self._served, Texts)
        if self._batches:
            self.embed_together.set_max_batch_size(batch)
            self.embed_together.set_batch_wait_timeout_s(batch_wait)

    @serve.batch(max_batch_size=16, batch_wait_timeout_s=0.005)
    async def embed_together(self, requests: list[list[str]]) -> list[object]:
        """The texts of several requests in one execution."""
        return await asyncio.to_thread(self._served.embed_all, requests)

    async def __call__(self, request: Request):
        try:
            body = await request.json()
            if self._batches:
                texts = texts_of(body.get("input") if isinstance(body, dict) else None)
                return embeddings_answer(self._served.name, await self.embed_together(texts))
            return await asyncio.to_thread(answer, self._served, body)
        except (Refusal, ValueError) as error:
            return JSONResponse({"error": {"message": str(error), "type": "invalid_request_error"}}, status_code=400)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, help="folder of the prepared model")
    parser.add_argument("--folder", required=True, help="folder for Ray's sockets and logs; a short path")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--metrics-port", type=int, default=8002)
    parser.add_argument("--threads", type=int, default=0, help="of one execution; 0: the runtime decides")
    parser.add_argument("--max-ongoing", type=int, default=5, help="requests at once in the replica (5 is Ray's default)")
    parser.add_argument("--batch", type=int, default=1, help="requests of texts in one execution")
    parser.add_argument("--batch-wait", type=float, default=0.01, help="seconds")
    given = parser.parse_args()
    asked = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked.set())
    os.makedirs(given.folder, exist_ok=True)
    ray.init(
        num_cpus=4,
        include_dashboard=False,
        log_to_driver=True,
        object_store_memory=100_000_000,
        _temp_dir=given.folder,
        _node_ip_address="127.0.0.1",
        _metrics_export_port=given.metrics_port,
    )
    serve.start(proxy_location="HeadOnly", http_options={"host": given.host, "port": given.port})
    replica = Model.options(max_ongoing_requests=given.max_ongoing, ray_actor_options={"num_cpus": 0.5})
    serve.run(replica.bind(given.model, given.threads, given.batch, given.batch_wait), name="model", route_prefix="/")
    asked.wait()
    serve.shutdown()
    ray.shutdown()


if __name__ == "__main__":
    main()
