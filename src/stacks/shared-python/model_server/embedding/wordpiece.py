"""BERT's uncased WordPiece tokenizer, equal token for token to the reference implementation (Wu et al. 2016)."""
from __future__ import annotations

import re
from pathlib import Path

from .characters import CharacterTable

SPECIAL_TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")

# Longer words, counted in characters after normalisation, are unknown; the reference implementation's limit.
MAXIMUM_WORD_LENGTH = 100


class WordPieceTokenizer:
    """Encodes texts as `[CLS] text [SEP]`. May be used by any number of threads at once."""

    def __init__(self, tokens: list[str], characters: CharacterTable, maximum_tokens: int):
        """
        :param tokens: the vocabulary; a token's id is its place.
        :param maximum_tokens: longer inputs are cut to this many tokens, special tokens included; 2 at least.
        """
        if maximum_tokens < 2:
            raise ValueError(f"{maximum_tokens} tokens leave no room for the two special ones")
        self.maximum_tokens = maximum_tokens
        self._characters = characters
        self._whole = {token: i for i, token in enumerate(tokens)}
        missing = [token for token in SPECIAL_TOKENS if token not in self._whole]
        if missing:
            raise ValueError(f"the vocabulary lacks {', '.join(missing)}")
        # Pieces that continue a word, without their "##": no string is put together in the inner loop.
        self._continued = {token[2:]: i for token, i in self._whole.items() if len(token) > 2 and token.startswith("##")}
        self._longest = max(map(len, tokens))
        self._special = re.compile("(" + "|".join(map(re.escape, SPECIAL_TOKENS)) + ")")
        self.pad = self._whole["[PAD]"]
        self._unknown = self._whole["[UNK]"]
        self._begin = self._whole["[CLS]"]
        self._end = self._whole["[SEP]"]

    @classmethod
    def load(cls, vocabulary: Path, characters: CharacterTable, maximum_tokens: int) -> WordPieceTokenizer:
        """Reads vocab.txt: one token a line."""
        # Not splitlines: some tokens are line separators of Unicode.
        tokens = vocabulary.read_bytes().decode("utf-8").split("\n")
        return cls(tokens[:-1] if not tokens[-1] else tokens, characters, maximum_tokens)

    def encode(self, text: str) -> list[int]:
        """The ids of a text, cut to the maximum."""
        room = self.maximum_tokens - 2
        ids: list[int] = []
        # Where a text spells a special token out it becomes that token, as in the reference implementation.
        for i, part in enumerate(self._special.split(text)):
            if i % 2:
                ids.append(self._whole[part])
            else:
                self._add_words(part, ids, room)
            if len(ids) >= room:
                break
        return [self._begin, *ids[:room], self._end]

    def _add_words(self, text: str, ids: list[int], room: int) -> None:
        whole = self._whole
        for word in text.translate(self._characters).split(" "):
            # Most words of ordinary text are one token, so that is looked up first.
            if (token := whole.get(word)) is not None and len(word) <= MAXIMUM_WORD_LENGTH:
                ids.append(token)
            elif word:
                ids += self._pieces(word)
            if len(ids) >= room:
                return

    def _pieces(self, word: str) -> list[int]:
        """The longest tokens that fit, from left to right; one piece that does not fit makes all of the word unknown."""
        if len(word) > MAXIMUM_WORD_LENGTH:
            return [self._unknown]
        pieces: list[int] = []
        vocabulary = self._whole
        start = 0
        while start < len(word):
            end = min(len(word), start + self._longest)
            while (token := vocabulary.get(word[start:end])) is None:
                end -= 1
                if end == start:
                    return [self._unknown]
            pieces.append(token)
            vocabulary = self._continued
            start = end
        return pieces
