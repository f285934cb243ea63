"""Continues sequences, one thread for a model: each step gives a token to all that hold a slot; they join and leave between steps."""
from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Iterable
from typing import Protocol, runtime_checkable

import numpy as np

from .. import metrics
from ..errors import ApiError
from . import metrics as counters
from .sequence import Piece, Sequence

logger = logging.getLogger("uvicorn.error")


@runtime_checkable
class Decoder(Protocol):
    """Executes the model for sequences in slots, which hold the keys and values of their tokens. Called by one thread."""

    #: The library that computes, and its version.
    library: tuple[str, str]
    #: Sequences that it has room for.
    slots: int
    #: Tokens of one sequence.
    capacity: int

    def read(self, slot: int, tokens: list[int]) -> np.ndarray:
        """Puts a prompt into a slot.

        :returns: the logits of what follows it, float32 [vocabulary].
        """
        ...

    def step(self, tokens: list[int], past: list[int]) -> np.ndarray:
        """Adds a token to each of the first slots.

        :param past: tokens that each holds already.
        :returns: float32 [slots given, vocabulary].
        """
        ...

    def move(self, source: int, target: int, tokens: int) -> None:
        """Puts the first tokens of a slot into another one, which is free."""
        ...


class GenerationLoop:
    """Made and asked in one event loop; sequences wait in the order in which they came, and one after the other takes a free slot."""

    def __init__(self, decoder: Decoder, max_waiting: int):
        """
        :param max_waiting: sequences inside; more are refused.
        """
        self._decoder = decoder
        self._max_waiting = max_waiting
        self._events = asyncio.get_running_loop()
        self._waiting: deque[Sequence] = deque()
        #: Those that hold the slots 0, 1, 2, ...: where one leaves, the last takes its place.
        self._running: list[Sequence] = []
        self._change = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="generation", daemon=True)
        self._thread.start()

    def submit(self, sequences: list[Sequence]) -> None:
        """Their pieces come from then on.

        :raises ApiError: when the server is at its limit or about to end.
        """
        with self._change:
            if self._closed:
                raise ApiError(503, "The server is stopping", code="stopping")
            if len(self._waiting) + len(self._running) + len(sequences) > self._max_waiting:
                raise ApiError(429, "The server is at its limit; try again in a moment", code="queue_full")
            self._waiting.extend(sequences)
            self._tell_numbers()
            self._change.notify()

    def close(self) -> None:
        """Gives up what is not finished, and ends. May take as long as a step or a prompt."""
        with self._change:
            self._closed = True
            self._change.notify()
        self._thread.join()
        self._deliver((sequence, ApiError(503, "The server is stopping", code="stopping")) for sequence in (*self._running, *self._waiting))

    def _work(self) -> None:
        while True:
            try:
                if not self._admit():
                    return
                self._step()
            except Exception as error:  # noqa: BLE001 - each sequence hears of it, the log says it, and the server goes on
                logger.exception("A step of %d sequences failed", len(self._running))
                self._deliver([(sequence, error) for sequence in self._running])
                self._running.clear()

    def _admit(self) -> bool:
        """Frees slots whose clients have left, and gives a free one to the first that waits: between two steps one prompt is read at most.
        Waits where there is nothing to do.

        :returns: True when there is a step to do, False at the end.
        """
        while True:
            self._let_go()
            with self._change:
                self._drop_withdrawn()
                self._tell_numbers()
                while not (self._waiting or self._running or self._closed):
                    self._change.wait()
                if self._closed:
                    return False
                entering = self._waiting.popleft() if self._waiting and len(self._running) < self._decoder.slots else None
                if entering is not None:
                    self._running.append(entering)
                    self._tell_numbers()
            if entering is not None:
                self._read(entering)
            if self._running:
                return True

    def _read(self, sequence: Sequence) -> None:
        slot = len(self._running) - 1
        sequence.entered = time.perf_counter()
        try:
            logits = self._decoder.read(slot, sequence.prompt)
            sequence.past = len(sequence.prompt)
            self._accept([slot], logits[None])
        except Exception as error:  # noqa: BLE001 - as for a step, but only this sequence is concerned
            logger.exception("A prompt of %d tokens could not be read", len(sequence.prompt))
            self._leave(slot)
            self._deliver([(sequence, error)])
            return
        counters.PROMPT_TOKENS.inc(len(sequence.prompt))
        counters.FIRST_TOKEN_SECONDS.observe(time.perf_counter() - sequence.arrived)

    def _step(self) -> None:
        started = time.perf_counter()
        count = len(self._running)
        logits = self._decoder.step([s.last for s in self._running], [s.past for s in self._running])
        counters.STEP_SECONDS.observe(time.perf_counter() - started)
        metrics.EXECUTIONS.inc()
        metrics.INFERENCES.inc(count)
        metrics.TOKENS.inc(count)
        for sequence in self._running:
            sequence.past += 1
        self._accept(range(count), logits)

    def _accept(self, slots: Iterable[int], logits: np.ndarray) -> None:
        """Gives sequences their next tokens; those that are finished leave."""
        news: list[tuple[Sequence, Piece | Exception]] = []
        # From the last on: whoever takes a free slot has had its token.
        for slot, scores in reversed(list(zip(slots, logits, strict=True))):
            sequence = self._running[slot]
            token = int(scores.argmax())
            if not np.isfinite(scores[token]):
                # The first of those that are no numbers counts as the largest. Its neighbours are not to suffer for it.
                logger.error("The model gave scores of tokens that are no finite numbers, after %d tokens", sequence.past)
                news.append((sequence, ArithmeticError("the model gave scores of tokens that are no finite numbers")))
                self._leave(slot)
                continue
            counters.GENERATED_TOKENS.inc()
            piece = sequence.accept(token)
            news.append((sequence, piece))
            if piece.finish is not None:
                metrics.EXECUTION_SECONDS.observe(time.perf_counter() - sequence.entered)
                self._leave(slot)
        self._deliver(news)

    def _leave(self, slot: int) -> None:
        last = self._running.pop()
        if slot < len(self._running):
            self._decoder.move(len(self._running), slot, last.past)
            self._running[slot] = last

    def _let_go(self) -> None:
        for slot in reversed(range(len(self._running))):
            if self._running[slot].withdrawn:
                counters.CANCELLED.inc()
                self._leave(slot)

    def _drop_withdrawn(self) -> None:
        left = [sequence for sequence in self._waiting if not sequence.withdrawn]
        counters.CANCELLED.inc(len(self._waiting) - len(left))
        self._waiting = deque(left)

    def _deliver(self, news: Iterable[tuple[Sequence, Piece | Exception]]) -> None:
        news = list(news)

        def hand_out() -> None:
            for sequence, piece in news:
                sequence.deliver(piece)

        self._events.call_soon_threadsafe(hand_out)

    def _tell_numbers(self) -> None:
        counters.RUNNING.set(len(self._running))
        counters.WAITING.set(len(self._waiting))
