"""FastAPI with ONNX Runtime behind a hand-written batching queue."""
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import numpy as np
from batching_queue import BatchingQueue, QueueClosed, QueueFull
from embedding_server.application import Embed, application
from embedding_server.encoder import Encoder
from embedding_server.launch import launch
from embedding_server.model import ModelFolder
from embedding_server.onnx_runtime import OnnxRuntime
from embedding_server.openai import ApiError
from embedding_server.settings import Settings, option
from fastapi import FastAPI


@dataclass(frozen=True)
class QueueSettings(Settings):
    max_batch: int = option(32, "texts in one execution")
    max_delay: float = option(0.005, "seconds that a text waits for others")
    length_step: int = option(0, "texts are executed together when their lengths round up to the same multiple of this; 0: whatever their lengths")


@asynccontextmanager
async def queued(settings: QueueSettings, model: ModelFolder) -> AsyncIterator[Embed]:
    encoder = Encoder(model.tokenizer(settings.characters), OnnxRuntime(model.onnx_file, settings.threads, settings.device), model.dimensions)
    encoder.warm_up()
    step = settings.length_step
    queue = BatchingQueue(
        encoder.execute,
        settings.max_batch,
        settings.max_delay,
        settings.max_waiting,
        (lambda sequence: -(-len(sequence) // step)) if step else None,
    )

    async def embed(texts: list[str]) -> tuple[np.ndarray, int]:
        # The tokenizer runs in the event loop: a text of 128 tokens takes it a fraction of the time of its execution.
        sequences = encoder.tokenize(texts)
        try:
            rows = await queue.submit(sequences)
        except QueueFull:
            raise ApiError(429, "The server is at its limit; try again in a moment", code="queue_full") from None
        except QueueClosed:
            raise ApiError(503, "The server is stopping", code="stopping") from None
        return np.stack(rows), sum(map(len, sequences))

    yield embed
    await queue.close()


def create_app() -> FastAPI:
    settings = QueueSettings.from_environment()
    model = ModelFolder.read(settings.model)
    return application(settings, model, lambda: queued(settings, model))


if __name__ == "__main__":
    launch(__file__, QueueSettings)
