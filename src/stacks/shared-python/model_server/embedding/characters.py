"""What BERT's uncased normalisation makes of each character.

The rules are a file, recorded from the reference implementation and shared with ServeBench's own tokenizer, because they must
not depend on the Unicode version of whatever Python this runs on: `unicodedata` of Python 3.11 and of 3.13 disagree.
"""
from __future__ import annotations

from bisect import bisect_right
from pathlib import Path

FIRST_HANGUL = 0xAC00
LAST_HANGUL = 0xD7A3


class CharacterTable(dict[int, str]):
    """A table for `str.translate` that looks a character's rule up when it is first seen.

    A removed character becomes nothing; white space one space; punctuation and ideographs themselves between spaces, because
    each is a word of its own; everything else what it is in lower case, decomposed and without accents.
    """

    def __init__(self, rules: str):
        super().__init__()
        self._becomes: dict[int, int] = {}
        ranges: list[tuple[int, int, str]] = [(0xD800, 0xDFFF, "removed")]  # lone surrogates, which no valid text has
        for line in rules.splitlines():
            kind, *words = line.split(" ")
            if kind == "becomes":
                for word in words:
                    self._read_mapping(word)
            elif line and not line.startswith("#"):
                if kind not in ("removed", "space", "ideograph", "punctuation"):
                    raise ValueError(f"the character rules have an unknown line '{kind}'")
                ranges += [(*_range(word), kind) for word in words]
        self._ranges = sorted(ranges)
        self._firsts = [r[0] for r in self._ranges]

    @classmethod
    def load(cls, path: Path) -> CharacterTable:
        """Reads bert-uncased-characters.txt."""
        return cls(path.read_text(encoding="ascii"))

    def __missing__(self, character: int) -> str:
        text = self._rule(character)
        self[character] = text
        return text

    def _rule(self, character: int) -> str:
        kind = self._kind(character)
        if kind == "removed":
            return ""
        if kind == "space":
            return " "
        if kind is None and FIRST_HANGUL <= character <= LAST_HANGUL:
            return _decompose_hangul(character)
        target = self._becomes.get(character, character)
        # A character that becomes punctuation is punctuation.
        if kind is not None or self._kind(target) in ("ideograph", "punctuation"):
            return f" {chr(target)} "
        return chr(target)

    def _kind(self, character: int) -> str | None:
        at = bisect_right(self._firsts, character) - 1
        return self._ranges[at][2] if at >= 0 and character <= self._ranges[at][1] else None

    def _read_mapping(self, word: str) -> None:
        """Reads `41-5a+20`, `100-12e/2+1` or `9cb=9c7,9be`."""
        if "=" in word:
            source, targets = word.split("=")
            self[int(source, 16)] = "".join(chr(int(target, 16)) for target in targets.split(","))
            return
        # The sign is the last one: a minus also separates the ends of a range.
        sign = max(word.rfind("+"), word.rfind("-"))
        delta = int(word[sign:], 16)
        span, _, step = word[:sign].partition("/")
        first, last = _range(span)
        for character in range(first, last + 1, int(step, 16) if step else 1):
            self._becomes[character] = character + delta


def _range(word: str) -> tuple[int, int]:
    first, _, last = word.partition("-")
    return int(first, 16), int(last or first, 16)


def _decompose_hangul(character: int) -> str:
    """The Unicode Standard, section 3.12."""
    index = character - FIRST_HANGUL
    text = chr(0x1100 + index // 588) + chr(0x1161 + index % 588 // 28)
    return text + chr(0x11A7 + index % 28) if index % 28 else text
