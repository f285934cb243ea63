"""The batching queue: what is executed together, when, in which order, and what happens when something fails."""
import asyncio
import threading
import unittest

import repository  # noqa: F401 - makes the stacks importable

from batching_queue import BatchingQueue, QueueClosed, QueueFull


class Executor:
    """Doubles its items; holds each batch until it is let through."""

    def __init__(self):
        self.batches = []
        self.gate = threading.Semaphore(0)
        self.started = threading.Semaphore(0)

    def __call__(self, items):
        self.batches.append(list(items))
        self.started.release()
        if not self.gate.acquire(timeout=10):
            raise TimeoutError("the test never let the batch through")
        if "poison" in items:
            raise ValueError("poison")
        return [item * 2 for item in items]

    async def until_started(self):
        if not await asyncio.to_thread(self.started.acquire, timeout=10):
            raise TimeoutError("no batch was started")


class BatchingQueueTests(unittest.IsolatedAsyncioTestCase):
    def queue(self, **options):
        self.execute = Executor()
        options = {"max_batch": 4, "max_delay": 0, "max_waiting": 100, **options}
        queue = BatchingQueue(self.execute, **options)
        self.addAsyncCleanup(self.close, queue)
        return queue

    async def close(self, queue):
        self.execute.gate.release(1000)
        await queue.close()

    async def submitted(self, queue, *requests):
        """Requests that wait in this order."""
        tasks = []
        for request in requests:
            tasks.append(asyncio.create_task(queue.submit(request)))
            await asyncio.sleep(0)
        return tasks

    async def test_what_waits_during_an_execution_is_the_next_batch(self):
        queue = self.queue()
        first = asyncio.create_task(queue.submit([1]))
        await self.execute.until_started()
        others = await self.submitted(queue, [2], [3, 4], [5], [6])
        self.execute.gate.release(3)
        self.assertEqual([[2], [4], [6, 8], [10], [12]], await asyncio.gather(first, *others))
        self.assertEqual([[1], [2, 3, 4, 5], [6]], self.execute.batches)

    async def test_results_of_a_large_request_are_in_order_over_batches(self):
        queue = self.queue()
        self.execute.gate.release(10)
        self.assertEqual([2 * i for i in range(11)], await queue.submit(list(range(11))))
        self.assertEqual([4, 4, 3], [len(batch) for batch in self.execute.batches])

    async def test_a_full_batch_does_not_wait_for_the_delay(self):
        queue = self.queue(max_delay=60)
        self.execute.gate.release(1)
        self.assertEqual([2, 4, 6, 8], await asyncio.wait_for(queue.submit([1, 2, 3, 4]), 10))

    async def test_a_batch_that_is_not_full_waits_for_others(self):
        queue = self.queue(max_delay=60)
        first = await self.submitted(queue, [1])
        others = await self.submitted(queue, [2], [3], [4])
        self.execute.gate.release(1)
        await asyncio.wait_for(asyncio.gather(*first, *others), 10)
        self.assertEqual([[1, 2, 3, 4]], self.execute.batches)

    async def test_the_delay_ends(self):
        queue = self.queue(max_delay=0.02)
        self.execute.gate.release(1)
        self.assertEqual([2], await asyncio.wait_for(queue.submit([1]), 10))

    async def test_groups_are_executed_apart_and_the_oldest_is_always_next(self):
        queue = self.queue(group=lambda item: item % 2)
        first = asyncio.create_task(queue.submit([100]))
        await self.execute.until_started()
        others = await self.submitted(queue, [1], [2], [4], [6], [8], [3])
        self.execute.gate.release(3)
        await asyncio.gather(first, *others)
        self.assertEqual([[100], [1, 3], [2, 4, 6, 8]], self.execute.batches)

    async def test_a_failure_reaches_its_batch_and_no_other(self):
        queue = self.queue()
        poisoned = asyncio.create_task(queue.submit(["poison"]))
        await self.execute.until_started()
        healthy = await self.submitted(queue, [1])
        self.execute.gate.release(2)
        # Not assertRaises: that clears the frames of the traceback, and the queue's own task is one of them.
        [failure] = await asyncio.gather(poisoned, return_exceptions=True)
        self.assertIsInstance(failure, ValueError)
        self.assertEqual([2], await healthy[0])

    async def test_more_than_may_wait_is_refused_whole(self):
        queue = self.queue(max_waiting=2)
        first = asyncio.create_task(queue.submit([1]))
        await self.execute.until_started()
        waiting = await self.submitted(queue, [2])
        with self.assertRaises(QueueFull):
            await queue.submit([3, 4])
        accepted = await self.submitted(queue, [5])
        self.execute.gate.release(2)
        self.assertEqual([[2], [4], [10]], await asyncio.gather(first, *waiting, *accepted))

    async def test_an_abandoned_request_is_not_executed(self):
        queue = self.queue()
        first = asyncio.create_task(queue.submit([1]))
        await self.execute.until_started()
        before, kept, after = await self.submitted(queue, [2, 3], [4], [5])
        for abandoned in (before, after):
            abandoned.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await abandoned
        self.execute.gate.release(2)
        self.assertEqual([[2], [8]], await asyncio.gather(first, kept))
        self.assertEqual([[1], [4]], self.execute.batches)

    async def test_closing_answers_what_waits_and_refuses_what_comes(self):
        queue = self.queue(max_delay=60)
        waiting = await self.submitted(queue, [1], [2])
        closing = asyncio.create_task(queue.close())
        await asyncio.sleep(0)
        with self.assertRaises(QueueClosed):
            await queue.submit([3])
        self.execute.gate.release(1)
        await asyncio.wait_for(closing, 10)
        self.assertEqual([[2], [4]], await asyncio.gather(*waiting))


if __name__ == "__main__":
    unittest.main()
