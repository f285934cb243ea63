"""A BentoML service with ONNX Runtime: texts to embeddings or images to classes, by what the model does."""
import os
import typing as t

import bentoml
from model_server.plain import Refusal, answer, load, texts_of

MODEL = os.environ["SERVICE_MODEL"]
THREADS = int(os.environ.get("SERVICE_THREADS", "0"))
#: Texts in one execution; 0: each request by itself.
BATCH = int(os.environ.get("SERVICE_BATCH", "0"))
#: What would wait longer is refused with 503.
LATENCY_MS = int(os.environ.get("SERVICE_LATENCY_MS", "10000"))

batching = {"batchable": True, "max_batch_size": BATCH, "max_latency_ms": LATENCY_MS} if BATCH else {}


@bentoml.service(workers=1, traffic={"timeout": 60})
class Model:
    def __init__(self) -> None:
        self._served = load(MODEL, THREADS)

    @bentoml.api(**batching)
    def embed(self, texts: t.List[str]) -> t.List[t.List[float]]:
        """Where batches are formed, the texts of several requests."""
        try:
            return self._served.embed(texts_of(texts)).tolist()
        except Refusal as error:
            raise bentoml.exceptions.InvalidArgument(str(error)) from None

    @bentoml.api
    def classify(self, images: t.List[str], top_k: int = 5, logits: bool = False) -> t.List[t.Dict[str, t.Any]]:
        try:
            return answer(self._served, {"images": images, "top_k": top_k, "logits": logits})["predictions"]
        except Refusal as error:
            raise bentoml.exceptions.InvalidArgument(str(error)) from None
