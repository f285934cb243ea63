"""The loop that continues texts, with a decoder whose tokens and pace are known: who holds a slot, and who gets which token."""
import asyncio
import importlib.util
import sys
import threading
import unittest

import repository  # noqa: F401 - makes what stacks import importable

MODULES = ["regex", "numpy", "orjson", "prometheus_client", "pydantic"]
MISSING = [module for module in MODULES if importlib.util.find_spec(module) is None]

if not MISSING:
    import numpy as np
    from model_server.errors import ApiError
    from model_server.generation.loop import GenerationLoop
    from model_server.generation.requests import Continuation
    from model_server.generation.sequence import Sequence

VOCABULARY = 1000
END = 999


class SilentText:
    """Texts are not what is tested here."""

    def add(self, token):
        return "", False

    def finish(self):
        return ""


class FakeDecoder:
    """A slot holds its tokens; the next one is a sum over all of them, so that a token in the wrong slot shows."""

    library = ("fake", "1")

    def __init__(self, slots, capacity=64):
        self.slots, self.capacity = slots, capacity
        self.held = [[] for _ in range(slots)]
        self.steps = []
        #: Released once for every call that may go on.
        self.gate = None
        self.fails_at = None

    @staticmethod
    def next_of(tokens):
        return sum((i + 1) * token for i, token in enumerate(tokens)) % END

    def read(self, slot, tokens):
        self._wait()
        self.held[slot] = list(tokens)
        if tokens == [13]:
            raise RuntimeError("this prompt cannot be read")
        return self._logits([slot])[0]

    def step(self, tokens, past):
        self._wait()
        self.steps.append(len(tokens))
        if self.fails_at == len(self.steps):
            raise RuntimeError("this step fails")
        for slot, (token, count) in enumerate(zip(tokens, past, strict=True)):
            self.held[slot] = [*self.held[slot][:count], token]
        return self._logits(range(len(tokens)))

    def move(self, source, target, tokens):
        self.held[target] = self.held[source][:tokens]

    def _wait(self):
        if self.gate is not None and not self.gate.acquire(timeout=30):
            raise TimeoutError("nobody let the decoder go on")

    def _logits(self, slots):
        logits = np.zeros((len(slots), VOCABULARY), dtype=np.float32)
        for row, slot in enumerate(slots):
            logits[row, self.next_of(self.held[slot])] = 1
        return logits


def right(prompt, count):
    tokens = list(prompt)
    for _ in range(count):
        tokens.append(FakeDecoder.next_of(tokens))
    return tokens[len(prompt):]


@unittest.skipIf(MISSING, f"{sys.executable} has no module {', '.join(MISSING)}")
class LoopTests(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.loop = None

    async def asyncTearDown(self):
        if self.loop is not None:
            if self.decoder.gate is not None:
                self.decoder.gate.release(1000)
            await asyncio.to_thread(self.loop.close)

    def begin(self, slots, max_waiting=100, gated=False):
        self.decoder = FakeDecoder(slots)
        if gated:
            self.decoder.gate = threading.Semaphore(0)
        self.loop = GenerationLoop(self.decoder, max_waiting)

    def ask(self, prompt, most=8, ignores_end=True):
        """A sequence and the queue that its pieces come to."""
        news = asyncio.Queue()
        sequence = Sequence(prompt, Continuation(most, (), ignores_end), SilentText(), END, self.decoder.capacity, news.put_nowait)
        self.loop.submit([sequence])
        return sequence, news

    async def all_of(self, news):
        tokens = []
        while True:
            piece = await asyncio.wait_for(news.get(), 30)
            if isinstance(piece, Exception):
                raise piece
            self.assertEqual(len(tokens), piece.index)
            tokens.append(piece.token)
            if piece.finish is not None:
                return tokens, piece.finish

    async def test_texts_of_different_lengths_share_steps_and_get_what_each_gets_alone(self):
        self.begin(4, gated=True)
        lengths = [(1, 9), (7, 3), (3, 17), (20, 1), (2, 12), (5, 5), (11, 30), (4, 2)]
        asked = [([7 * i + j for j in range(length)], most) for i, (length, most) in enumerate(lengths)]
        news = [self.ask(prompt, most)[1] for prompt, most in asked]
        self.decoder.gate.release(1000)
        for (prompt, most), queue in zip(asked, news):
            self.assertEqual((right(prompt, most), "length"), await self.all_of(queue))
        self.assertEqual(4, max(self.decoder.steps))
        self.assertLess(len(self.decoder.steps), sum(most - 1 for _, most in asked))

    async def test_with_one_slot_one_text_comes_after_the_other(self):
        self.begin(1, gated=True)
        news = [self.ask([i], 4)[1] for i in range(3)]
        self.decoder.gate.release(1000)
        for i, queue in enumerate(news):
            self.assertEqual((right([i], 4), "length"), await self.all_of(queue))
        self.assertEqual([1] * 9, self.decoder.steps)

    async def test_a_text_ends_at_its_end_token_unless_that_is_ignored(self):
        self.begin(1)
        prompt = [END]  # the sum over it is 0, and so on for ever: no end token comes
        self.assertEqual(([0] * 3, "length"), await self.all_of(self.ask(prompt, 3, ignores_end=False)[1]))
        self.decoder._logits = lambda slots: np.eye(VOCABULARY, dtype=np.float32)[[END] * len(slots)]
        self.assertEqual(([END], "stop"), await self.all_of(self.ask([1], 3, ignores_end=False)[1]))
        self.assertEqual(([END] * 3, "length"), await self.all_of(self.ask([1], 3, ignores_end=True)[1]))

    async def test_a_text_ends_where_there_is_no_more_room(self):
        self.begin(1)
        tokens, finish = await self.all_of(self.ask([1] * 60, None)[1])
        self.assertEqual((4, "length"), (len(tokens), finish))

    async def test_who_leaves_frees_the_slot_before_the_next_step_and_the_others_notice_nothing(self):
        self.begin(2, gated=True)
        leaving, left = self.ask([1], 40)
        _, staying = self.ask([2], 12)
        _, waiting = self.ask([3], 4)
        self.decoder.gate.release(4)  # two prompts, and a step after each
        await left.get(), await left.get(), await left.get()
        self.assertEqual(1, staying.qsize() - 1)
        leaving.withdraw()
        self.decoder.gate.release(1000)
        self.assertEqual((right([2], 12), "length"), await self.all_of(staying))
        self.assertEqual((right([3], 4), "length"), await self.all_of(waiting))
        # What was under way when it left was finished; nothing after that.
        self.assertLessEqual(left.qsize(), 1)

    async def test_who_leaves_while_it_waits_is_never_begun(self):
        self.begin(1, gated=True)
        first, second, third = self.ask([1], 3), self.ask([2], 3), self.ask([3], 3)
        second[0].withdraw()
        self.decoder.gate.release(1000)
        await self.all_of(first[1])
        self.assertEqual((right([3], 3), "length"), await self.all_of(third[1]))
        self.assertEqual(0, second[1].qsize())

    async def test_at_its_limit_it_says_so_and_takes_more_once_there_is_room(self):
        self.begin(1, max_waiting=2, gated=True)
        asked = [self.ask([i], 2) for i in range(2)]
        with self.assertRaises(ApiError) as refused:
            self.ask([9], 2)
        self.assertEqual((429, "queue_full"), (refused.exception.status, refused.exception.code))
        self.decoder.gate.release(1000)
        for _, news in asked:
            await self.all_of(news)
        self.assertEqual((right([9], 2), "length"), await self.all_of(self.ask([9], 2)[1]))

    async def test_a_prompt_that_cannot_be_read_fails_alone(self):
        self.begin(2, gated=True)
        _, other = self.ask([1], 6)
        _, wrong = self.ask([13], 6)
        with self.assertLogs("uvicorn.error", "ERROR"), self.assertRaisesRegex(RuntimeError, "cannot be read"):
            self.decoder.gate.release(1000)
            await self.all_of(wrong)
        self.assertEqual((right([1], 6), "length"), await self.all_of(other))

    async def test_a_step_that_fails_ends_its_texts_and_later_ones_are_continued(self):
        self.begin(2)
        self.decoder.fails_at = 2
        with self.assertLogs("uvicorn.error", "ERROR"), self.assertRaisesRegex(RuntimeError, "this step fails"):
            await self.all_of(self.ask([1], 6)[1])
        self.assertEqual((right([2], 6), "length"), await self.all_of(self.ask([2], 6)[1]))

    async def test_scores_that_are_no_numbers_are_no_tokens_and_concern_nobody_else(self):
        self.begin(2, gated=True)
        usual = self.decoder._logits

        def wrong(slots):
            logits = usual(slots)
            for row, slot in enumerate(slots):
                if self.decoder.held[slot][0] == 7 and len(self.decoder.held[slot]) > 2:
                    logits[row, 5] = np.nan
            return logits

        self.decoder._logits = wrong
        (_, bad), (_, good) = self.ask([7], 9), self.ask([1], 9)
        with self.assertLogs("uvicorn.error", "ERROR"), self.assertRaisesRegex(ArithmeticError, "no finite numbers"):
            self.decoder.gate.release(1000)
            await self.all_of(bad)
        self.assertEqual((right([1], 9), "length"), await self.all_of(good))

    async def test_the_end_of_the_server_is_told_to_all_that_are_not_finished(self):
        self.begin(1, gated=True)
        running, waiting = self.ask([1], 50), self.ask([2], 50)
        closing = asyncio.create_task(asyncio.to_thread(self.loop.close))
        while not self.loop._closed:
            await asyncio.sleep(0)
        self.decoder.gate.release(1000)
        await closing
        for _, news in (running, waiting):
            with self.assertRaises(ApiError) as told:
                await self.all_of(news)
            self.assertEqual((503, "stopping"), (told.exception.status, told.exception.code))
        with self.assertRaises(ApiError):
            self.ask([3], 1)
        self.loop = None


if __name__ == "__main__":
    unittest.main()
