"""One prompt that is continued."""
from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from .output_text import OutputText
from .requests import Continuation


@dataclass(frozen=True)
class Piece:
    """What one token adds."""

    index: int
    token: int
    text: str
    finish: str | None = None


class Sequence:
    """All but `withdraw` is the generation loop's; `deliver` is called in the event loop."""

    def __init__(
        self,
        prompt: list[int],
        continuation: Continuation,
        text: OutputText,
        end: int,
        capacity: int,
        deliver: Callable[[Piece | Exception], None],
    ):
        """
        :param prompt: its tokens, one at least.
        :param end: the token that ends a text.
        :param capacity: tokens of one sequence, its prompt's among them.
        :param deliver: is given each piece, the last of which has a `finish`, or why there will be no more.
        """
        self.prompt = prompt
        self.deliver = deliver
        self.arrived = time.perf_counter()
        #: When it was given a slot.
        self.entered = 0.0
        #: Tokens that its slot holds.
        self.past = 0
        #: The token that goes in next.
        self.last = -1
        self.generated = 0
        #: Set where the client has left.
        self.withdrawn = False
        self._text = text
        self._end = None if continuation.ignores_end else end
        room = capacity - len(prompt)
        self._most = room if continuation.most_tokens is None else min(room, continuation.most_tokens)

    def accept(self, token: int) -> Piece:
        """The piece that a token makes; its `finish` says whether it is the last."""
        self.last = token
        index, self.generated = self.generated, self.generated + 1
        if token == self._end:
            return Piece(index, token, self._text.finish(), "stop")
        text, has_stopped = self._text.add(token)
        if has_stopped:
            return Piece(index, token, text, "stop")
        if self.generated == self._most:
            return Piece(index, token, text + self._text.finish(), "length")
        return Piece(index, token, text)

    def withdraw(self) -> None:
        """Frees its slot before the next step."""
        self.withdrawn = True
