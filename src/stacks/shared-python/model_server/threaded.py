"""Each request executed by itself, in a thread: what FastAPI does with a plain `def` endpoint."""
from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import anyio.to_thread

from .application import Compute
from .model import Runtime
from .pipeline import BatchPipeline
from .settings import Settings, option


@dataclass(frozen=True)
class ThreadedSettings(Settings):
    concurrency: int = option(0, "executions at once in one process; 0: as many as FastAPI's thread pool has threads, 40")
    group_items: int = option(0, "items of one request that are executed together, texts of similar length; 0: all, padded to the longest")


@asynccontextmanager
async def threaded(settings: ThreadedSettings, pipeline: BatchPipeline, load: Callable[[], Runtime]) -> AsyncIterator[Compute]:
    """Preparing and inference take milliseconds of processor time, so they must not happen in the event loop."""
    pipeline.use(load())
    pipeline.warm_up()
    limiter = anyio.CapacityLimiter(settings.concurrency) if settings.concurrency else None

    def work(items: Sequence[Any], prepared: bool) -> tuple[Sequence[Any], Sequence[Any]]:
        inputs = items if prepared else pipeline.prepare(items)
        return pipeline.in_groups(inputs, settings.group_items), inputs

    async def compute(items: Sequence[Any], prepared: bool = False) -> tuple[Sequence[Any], Sequence[Any]]:
        return await anyio.to_thread.run_sync(work, items, prepared, limiter=limiter)

    yield compute
