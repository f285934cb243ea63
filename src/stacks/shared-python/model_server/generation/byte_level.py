"""GPT-2's byte-level BPE (Radford et al. 2019, encoder.py), for any vocabulary in its two files."""
from __future__ import annotations

import heapq
import json
from pathlib import Path

import regex

# \p{L} and \p{N} are those of the installed package's version of Unicode.
PIECES = regex.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")

# Words come again and again; beyond this many no more are remembered.
MOST_REMEMBERED = 100_000


class ByteLevelTokenizer:
    """Every text has tokens, and their bytes are the text's; texts that look like a special token are ordinary text here."""

    def __init__(self, ids: dict[str, int], merges: list[tuple[str, str]]):
        alphabet = _alphabet()
        bytes_of = {character: byte for byte, character in enumerate(alphabet)}
        self._alphabet = {byte: character for byte, character in enumerate(alphabet)}
        self._ids = ids
        self._ranks = {pair: rank for rank, pair in enumerate(merges)}
        self._remembered: dict[str, list[int]] = {}
        # Special tokens are in the vocabulary and nothing that bytes and merges make.
        made = {*alphabet, *(left + right for left, right in merges)}
        self._bytes = {ids[token]: bytes(bytes_of[character] for character in token) for token in made}
        #: Bytes of the longest token: a text of n times as many characters has more than n tokens.
        self.longest_token = max(map(len, self._bytes.values()))

    @classmethod
    def load(cls, vocabulary: Path, merges: Path) -> ByteLevelTokenizer:
        """
        :param vocabulary: vocab.json, every token with its id.
        :param merges: merges.txt, a pair in each line, the first to be merged first.
        """
        lines = merges.read_text(encoding="utf-8").split("\n")
        pairs = [tuple(line.split(" ")) for line in lines if line and not line.startswith("#version")]
        return cls(json.loads(vocabulary.read_text(encoding="utf-8")), pairs)

    def encode(self, text: str) -> list[int]:
        """The token ids of a text; halves of surrogate pairs count as U+FFFD."""
        # What UTF-16 can pair is one character; what is left of it has no bytes in UTF-8.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        ids: list[int] = []
        for piece in PIECES.findall(text):
            known = self._remembered.get(piece)
            if known is None:
                known = [self._ids[token] for token in self._merged(piece)]
                if len(self._remembered) < MOST_REMEMBERED:
                    self._remembered[piece] = known
            ids += known
        return ids

    def bytes_of(self, token: int) -> bytes:
        """The bytes of a token; none where it is special or unknown."""
        return self._bytes.get(token, b"")

    def _merged(self, piece: str) -> list[str]:
        """
        What is merged first is taken from a heap: looking through the whole word for each merge takes the square of its length, and a
        client chooses the length. A merge makes no pair that should have been merged before it.
        """
        word = [self._alphabet[byte] for byte in piece.encode("utf-8")]
        count = len(word)
        before, after = list(range(-1, count - 1)), list(range(1, count + 1))
        waiting: list[tuple[int, int, tuple[str, str]]] = []

        def consider(left: int) -> None:
            if left >= 0 and after[left] < count:
                pair = (word[left], word[after[left]])
                if (rank := self._ranks.get(pair)) is not None:
                    heapq.heappush(waiting, (rank, left, pair))

        for left in range(count - 1):
            consider(left)
        while waiting:
            _, left, pair = heapq.heappop(waiting)
            right = after[left]
            if right >= count or (word[left], word[right]) != pair:
                continue
            word[left], word[right] = pair[0] + pair[1], ""
            after[left] = after[right]
            if after[right] < count:
                before[after[right]] = left
            consider(before[left])
            consider(left)
        return [token for token in word if token]


def _alphabet() -> list[str]:
    """The visible character that stands for each byte: printable ones of Latin-1 for themselves, the others from U+0100 on."""
    printable = {*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)}
    others = iter(range(256, 512))
    return [chr(byte) if byte in printable else chr(next(others)) for byte in range(256)]
