"""Each request executed by itself, in a thread: what FastAPI does with a plain `def` endpoint."""
from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio.to_thread
import numpy as np

from .application import Embed
from .encoder import Encoder
from .model import ModelFolder, Runtime
from .settings import Settings, option


@dataclass(frozen=True)
class ThreadedSettings(Settings):
    concurrency: int = option(0, "executions at once in one process; 0: as many as FastAPI's thread pool has threads, 40")
    group_texts: int = option(0, "texts of similar length that are executed together, of one request; 0: all, padded to the longest")


@asynccontextmanager
async def threaded(settings: ThreadedSettings, model: ModelFolder, load: Callable[[], Runtime]) -> AsyncIterator[Embed]:
    """Inference takes milliseconds of processor time, so it must not happen in the event loop."""
    encoder = Encoder(model.tokenizer(settings.characters), load(), model.dimensions, settings.group_texts)
    encoder.warm_up()
    limiter = anyio.CapacityLimiter(settings.concurrency) if settings.concurrency else None

    async def embed(texts: list[str]) -> tuple[np.ndarray, int]:
        return await anyio.to_thread.run_sync(encoder.embed, texts, limiter=limiter)

    yield embed
