"""Answers of OpenAI's two interfaces for texts, whole and as server-sent events."""
from __future__ import annotations

import secrets
import time
from collections.abc import Iterator

import orjson

from ..errors import ApiError
from .sequence import Piece

DONE = b"data: [DONE]\n\n"


def usage(prompt: int, generated: int) -> dict:
    return {"prompt_tokens": prompt, "completion_tokens": generated, "total_tokens": prompt + generated}


def event(value: dict) -> bytes:
    return b"data: " + orjson.dumps(value) + b"\n\n"


class CompletionFormat:
    """POST /v1/completions. An object for each answer."""

    kind = "cmpl"
    whole = chunk = "text_completion"

    def __init__(self, model: str, includes_usage: bool):
        """
        :param includes_usage: whether a stream ends with the numbers of tokens.
        """
        self._model = model
        self._includes_usage = includes_usage
        self._id = f"{self.kind}-{secrets.token_hex(8)}"
        self._created = int(time.time())

    def answer(self, texts: list[tuple[str, str]], used: dict) -> bytes:
        """
        :param texts: of each prompt, what follows it and why it ended.
        """
        choices = [self._choice(i, self._text(text), finish) for i, (text, finish) in enumerate(texts)]
        return orjson.dumps(self._head(self.whole, choices) | {"usage": used})

    def piece(self, item: int, piece: Piece) -> Iterator[bytes]:
        """The events that a token makes: none where it has no text, because a character is not complete."""
        if piece.text or piece.finish:
            yield self._event(self._choice(item, self._delta(piece.text), piece.finish))

    def end(self, used: dict) -> bytes:
        return (event(self._head(self.chunk, []) | {"usage": used}) if self._includes_usage else b"") + DONE

    @staticmethod
    def failure(error: ApiError) -> bytes:
        """What ends a stream that cannot go on: its status has been sent."""
        return b"data: " + error.body() + b"\n\n" + DONE

    def _text(self, text: str) -> dict:
        return {"text": text}

    def _delta(self, text: str) -> dict:
        return self._text(text)

    def _event(self, choice: dict) -> bytes:
        return event(self._head(self.chunk, [choice]) | ({"usage": None} if self._includes_usage else {}))

    def _head(self, what: str, choices: list[dict]) -> dict:
        return {"id": self._id, "object": what, "created": self._created, "model": self._model, "choices": choices}

    @staticmethod
    def _choice(item: int, text: dict, finish: str | None) -> dict:
        return {"index": item, **text, "logprobs": None, "finish_reason": finish}


class ChatFormat(CompletionFormat):
    """POST /v1/chat/completions."""

    kind = "chatcmpl"
    whole = "chat.completion"
    chunk = "chat.completion.chunk"
    _has_role = False

    def piece(self, item: int, piece: Piece) -> Iterator[bytes]:
        for one in super().piece(item, piece):
            if not self._has_role:
                self._has_role = True
                yield self._event(self._choice(item, {"delta": {"role": "assistant", "content": ""}}, None))
            yield one

    def _text(self, text: str) -> dict:
        return {"message": {"role": "assistant", "content": text, "refusal": None}}

    def _delta(self, text: str) -> dict:
        return {"delta": {"content": text}}
