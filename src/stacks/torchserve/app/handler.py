"""TorchServe's handler: the network in PyTorch, texts to embeddings or images to classes. The requests of a batch are executed together."""
import json
import os
import sys
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER))
os.environ.setdefault("CHARACTERS", str(FOLDER / "characters.txt"))

from model_server.model import ModelFolder  # noqa: E402
from model_server.plain import Images, Refusal, Texts, embeddings_answer, files_of, texts_of, with_runtime  # noqa: E402


class Handler:
    def __init__(self):
        self.initialized = False

    def initialize(self, context):
        threads = int(context.model_yaml_config.get("handler", {}).get("threads", 0))
        model = ModelFolder.read(os.environ["MODEL_FOLDER"])
        if model.embeds:
            from bert import BertRuntime as runtime
        else:
            from classifiers import ClassifierRuntime as runtime
        self._served = with_runtime(model, runtime.load(model, threads, "cpu"))
        self.initialized = True

    def handle(self, data, context):
        """One answer for each request; one that cannot be read fails the whole batch, which is how TorchServe has it."""
        bodies = [body_of(row) for row in data]
        return self._embed(bodies) if isinstance(self._served, Texts) else self._classify(bodies)

    def _embed(self, bodies):
        requests = [texts_of(body.get("input")) for body in bodies]
        return [embeddings_answer(self._served.name, rows) for rows in self._served.embed_all(requests)]

    def _classify(self, bodies):
        served: Images = self._served
        files = [files_of(body.get("images")) for body in bodies]
        scores = np.split(served.scores([file for of_one in files for file in of_one]), np.cumsum([len(f) for f in files])[:-1])
        return [
            {"model": served.name, "predictions": served.predictions(rows, int(body.get("top_k", 5)), body.get("logits") is True)}
            for body, rows in zip(bodies, scores, strict=True)
        ]


def body_of(row):
    """A JSON body arrives parsed; any other as bytes."""
    body = row.get("body", row.get("data"))
    body = json.loads(body) if isinstance(body, (bytes, bytearray, str)) else body
    if not isinstance(body, dict):
        raise Refusal("the body must be a JSON object")
    return body


_handler = Handler()


def handle(data, context):
    """What TorchServe calls of a handler that is a module: without data, to load."""
    if not _handler.initialized:
        _handler.initialize(context)
    return None if data is None else _handler.handle(data, context)
