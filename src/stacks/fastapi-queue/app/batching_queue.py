"""Requests that wait together are executed together."""
from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class QueueFull(Exception):
    """As many items wait as may."""


class QueueClosed(Exception):
    """The server is stopping."""


@dataclass(eq=False)
class _Waiting(Generic[T, R]):
    item: T
    arrived: float
    result: asyncio.Future[R] = field(repr=False)


class BatchingQueue(Generic[T, R]):
    """
    One task takes what waits, oldest first, and gives it to one thread; while that executes, the next batch gathers. Belongs
    to the event loop that it was made in.
    """

    def __init__(
        self,
        execute: Callable[[list[T]], Sequence[R]],
        max_batch: int,
        max_delay: float,
        max_waiting: int,
        group: Callable[[T], object] | None = None,
    ):
        """
        :param execute: called in a thread of its own with one batch; a result for each item, in order.
        :param max_batch: items in one execution, 1 at least.
        :param max_delay: seconds that the oldest item waits for others when the batch is not full.
        :param max_waiting: items that may wait.
        :param group: items are only executed together when this is equal for them. The oldest item is always in the next batch.
        """
        if max_batch < 1:
            raise ValueError("a batch has one item at least")
        self._execute = execute
        self._max_batch = max_batch
        self._max_delay = max_delay
        self._max_waiting = max_waiting
        self._group = group
        self._waiting: deque[_Waiting[T, R]] = deque()
        self._arrival = asyncio.Event()
        self._closed = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inference")
        self._task = asyncio.get_running_loop().create_task(self._serve(), name="batching queue")

    async def submit(self, items: Sequence[T]) -> list[R]:
        """The results of some items, in order; they may be executed in different batches.

        :raises QueueFull: when they are too many to wait.
        :raises QueueClosed: when the server is stopping.
        """
        if self._closed:
            raise QueueClosed
        if len(self._waiting) + len(items) > self._max_waiting:
            raise QueueFull
        loop = asyncio.get_running_loop()
        now = loop.time()
        waiting = [_Waiting(item, now, loop.create_future()) for item in items]
        self._waiting.extend(waiting)
        self._arrival.set()
        try:
            return [await w.result for w in waiting]
        finally:
            # Of a failed or abandoned request nothing more is executed.
            for w in waiting:
                w.result.cancel()

    async def close(self) -> None:
        """Executes what waits, and ends."""
        self._closed = True
        self._arrival.set()
        await self._task
        self._thread.shutdown()

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        while batch := await self._next_batch():
            try:
                results = await loop.run_in_executor(self._thread, self._execute, [w.item for w in batch])
            except Exception as error:  # noqa: BLE001 - each request of the batch hears of it, and the queue goes on
                for w in batch:
                    if not w.result.done():
                        w.result.set_exception(error)
                continue
            for w, result in zip(batch, results, strict=True):
                if not w.result.done():
                    w.result.set_result(result)

    async def _next_batch(self) -> list[_Waiting[T, R]]:
        """Waits for items; none when the queue is closed and nothing is left."""
        while True:
            self._arrival.clear()
            while self._waiting and self._waiting[0].result.done():
                self._waiting.popleft()
            if not self._waiting:
                if self._closed:
                    return []
                await self._arrival.wait()
                continue
            companions = self._companions()
            left = self._waiting[0].arrived + self._max_delay - asyncio.get_running_loop().time()
            if len(companions) == self._max_batch or left <= 0 or self._closed:
                break
            try:
                async with asyncio.timeout(left):
                    await self._arrival.wait()
            except TimeoutError:
                continue
        chosen = set(map(id, companions))
        self._waiting = deque(w for w in self._waiting if id(w) not in chosen)
        return companions

    def _companions(self) -> list[_Waiting[T, R]]:
        """The oldest item, and those that may be executed with it."""
        group = None if self._group is None else self._group(self._waiting[0].item)
        companions = []
        for w in self._waiting:
            if not w.result.done() and (self._group is None or self._group(w.item) == group):
                companions.append(w)
                if len(companions) == self._max_batch:
                    break
        return companions
