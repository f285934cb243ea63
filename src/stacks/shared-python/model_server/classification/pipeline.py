"""Classes of images behind this group's API and the Open Inference Protocol."""
from __future__ import annotations

import time
from collections.abc import Sequence

import anyio.to_thread
import numpy as np
from fastapi import FastAPI, Request, Response

from .. import metrics
from ..application import Server
from ..errors import ApiError
from ..model import ModelFolder, Runtime
from ..settings import Settings
from . import classify, open_inference
from .images import ImageInput, prepare


class ClassificationPipeline:
    title = "Classes"
    #: Decoding a photograph takes as long as a small network.
    prepares_quickly = False

    def __init__(self, settings: Settings, model: ModelFolder):
        self._settings = settings
        self._model = model
        self._input = ImageInput.of(model.manifest)
        self._output = model.manifest["output"]

    def use(self, runtime: Runtime) -> None:
        metrics.tell_library(*runtime.library)
        self._runtime = runtime

    def prepare(self, items: Sequence[bytes]) -> list[np.ndarray]:
        started = time.perf_counter()
        prepared = [prepare(file, self._input, self._settings.max_pixels) for file in items]
        metrics.INPUT_SECONDS.observe(time.perf_counter() - started)
        return prepared

    def execute(self, inputs: Sequence[np.ndarray]) -> np.ndarray:
        """Scores of some images, float32 [images, classes]."""
        started = time.perf_counter()
        scores = self._runtime.run({"pixels": np.stack(inputs)})
        metrics.count_execution(len(inputs), time.perf_counter() - started)
        return scores

    def in_groups(self, inputs: Sequence[np.ndarray], size: int) -> np.ndarray:
        if not size or len(inputs) <= size:
            return self.execute(inputs)
        return np.concatenate([self.execute(inputs[start : start + size]) for start in range(0, len(inputs), size)])

    def group(self, prepared: np.ndarray, step: int) -> object:
        return None  # all are of one size

    def warm_up(self) -> None:
        side = self._input.size
        for batch in (1, 4):
            for _ in range(3):
                self._runtime.run({"pixels": np.zeros((batch, 3, side, side), dtype=np.float32)})

    def add_routes(self, app: FastAPI, server: Server) -> None:
        async def of_files(request: Request) -> Response:
            body = await request.body()
            started = time.perf_counter()
            asked = await classify.read(request, body, self._model.name, self._settings.max_items)
            scores, _ = await server.compute(asked.files)
            answer = classify.answer(self._model.name, np.asarray(scores), self._output == "logits", asked.top, asked.with_logits)
            return server.answer(answer, started)

        async def of_tensors(model: str, request: Request) -> Response:
            if model != self._model.name:
                raise ApiError(404, f"The model '{model}' does not exist", "model", "model_not_found")
            body = await request.body()
            started = time.perf_counter()
            head = request.headers.get(open_inference.LENGTH_HEADER)
            # A tensor in JSON is megabytes of digits, which the other requests of the event loop must not wait for.
            pixels = await anyio.to_thread.run_sync(
                open_inference.read, body, head, self._input.size, self._settings.max_items, self._output)
            scores, _ = await server.compute(list(pixels), prepared=True)
            return server.answer(open_inference.answer(self._model.name, self._output, np.asarray(scores)), started)

        app.post("/v1/classify")(of_files)
        app.post("/v2/models/{model}/infer")(of_tensors)
