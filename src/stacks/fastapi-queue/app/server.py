"""FastAPI with ONNX Runtime behind a hand-written batching queue."""
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import anyio.to_thread
from batching_queue import BatchingQueue, QueueClosed, QueueFull
from fastapi import FastAPI
from model_server.application import Compute, application
from model_server.errors import ApiError
from model_server.launch import launch
from model_server.model import ModelFolder
from model_server.onnx_runtime import OnnxRuntime
from model_server.pipeline import BatchPipeline
from model_server.settings import Settings, option


@dataclass(frozen=True)
class QueueSettings(Settings):
    max_batch: int = option(32, "items in one execution")
    max_delay: float = option(0.005, "seconds that an item waits for others")
    length_step: int = option(0, "texts are executed together when their lengths round up to the same multiple of this; 0: whatever their lengths")


@asynccontextmanager
async def queued(settings: QueueSettings, model: ModelFolder, pipeline: BatchPipeline) -> AsyncIterator[Compute]:
    pipeline.use(OnnxRuntime(model.onnx_file, settings.threads, settings.device))
    pipeline.warm_up()
    step = settings.length_step
    queue = BatchingQueue(
        pipeline.execute,
        settings.max_batch,
        settings.max_delay,
        settings.max_waiting,
        (lambda prepared: pipeline.group(prepared, step)) if step else None,
    )

    async def prepare(items: Sequence[Any]) -> Sequence[Any]:
        return pipeline.prepare(items) if pipeline.prepares_quickly else await anyio.to_thread.run_sync(pipeline.prepare, items)

    async def compute(items: Sequence[Any], prepared: bool = False) -> tuple[Sequence[Any], Sequence[Any]]:
        inputs = items if prepared else await prepare(items)
        try:
            return await queue.submit(inputs), inputs
        except QueueFull:
            raise ApiError(429, "The server is at its limit; try again in a moment", code="queue_full") from None
        except QueueClosed:
            raise ApiError(503, "The server is stopping", code="stopping") from None

    yield compute
    await queue.close()


def create_app() -> FastAPI:
    settings = QueueSettings.from_environment()
    model = ModelFolder.read(settings.model)
    return application(settings, model, lambda pipeline: queued(settings, model, pipeline))


if __name__ == "__main__":
    launch(__file__, QueueSettings)
