"""The text of a sequence as its tokens come."""
from __future__ import annotations

import codecs
from collections.abc import Sequence

from .byte_level import ByteLevelTokenizer


class OutputText:
    """What may be shown never ends within a character, nor within what may become a stop string."""

    def __init__(self, tokenizer: ByteLevelTokenizer, stops: Sequence[str] = ()):
        self._tokenizer = tokenizer
        self._stops = stops
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        #: What is not shown yet; no stop string is in it.
        self._held = ""

    def add(self, token: int) -> tuple[str, bool]:
        """
        :returns: the text that may be shown with this token, and whether a stop string ended it, which is not part of it.
        """
        return self._release(self._held + self._decoder.decode(self._tokenizer.bytes_of(token)))

    def finish(self) -> str:
        """What was held back, with U+FFFD for a character that was never completed."""
        text, _ = self._release(self._held + self._decoder.decode(b"", True))
        return text + self._held

    def _release(self, text: str) -> tuple[str, bool]:
        ends = [at for stop in self._stops if (at := text.find(stop)) >= 0]
        if ends:
            self._held = ""
            return text[: min(ends)], True
        held = max((_overlap(text, stop) for stop in self._stops), default=0)
        self._held = text[len(text) - held :]
        return text[: len(text) - held], False


def _overlap(text: str, stop: str) -> int:
    """Characters at the end of the text that a stop string begins with."""
    return next((n for n in range(min(len(stop) - 1, len(text)), 0, -1) if text.endswith(stop[:n])), 0)
