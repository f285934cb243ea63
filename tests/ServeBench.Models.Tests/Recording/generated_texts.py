"""The strings whose tokens are recorded; Tokenizers/GeneratedTexts.cs generates the same, from the same pseudo-random numbers."""

# Ranges that random strings draw from; the first characters of each are as likely as the last.
POOLS = [
    (0x61, 0x7A), (0x61, 0x7A), (0x61, 0x7A), (0x20, 0x7E), (0x20, 0x20), (0x00, 0x1F), (0x7F, 0xFF), (0x100, 0x24F), (0x300, 0x36F),
    (0x370, 0x3FF), (0x400, 0x52F), (0x590, 0x6FF), (0x900, 0x97F), (0xE00, 0xE7F), (0x1100, 0x11FF), (0x1E00, 0x1FFF), (0x2000, 0x206F),
    (0x20A0, 0x22FF), (0x3000, 0x30FF), (0x302A, 0x302F), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE00, 0xFFFF),
    (0x1D100, 0x1D1FF), (0x1F300, 0x1F64F), (0x20000, 0x2FA1F), (0xE000, 0xFFFD), (0x10000, 0x10FFFF),
]


class Numbers:
    """SplitMix64."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        z ^= z >> 31
        return ((z >> 32) * n) >> 32


def character(numbers):
    first, last = POOLS[numbers.below(len(POOLS))]
    return chr(first + numbers.below(last - first + 1))


class GeneratedTexts:
    def __init__(self, vocabulary, corpus):
        self.vocabulary = vocabulary
        self.corpus = corpus

    def _random_text(self, numbers):
        text = ""
        for _ in range(1 + numbers.below(12)):
            kind = numbers.below(10)
            if kind < 5:
                text += "".join(character(numbers) for _ in range(1 + numbers.below(8)))
            elif kind < 8:
                token = self.vocabulary[numbers.below(len(self.vocabulary))]
                text += token[2:] if token.startswith("##") and numbers.below(2) == 0 else token
            elif kind == 8:
                text += chr(0x61 + numbers.below(26)) * (95 + numbers.below(11))
            else:
                text += ["[SEP]", "[CLS]", "[MASK]", "[UNK]", "[PAD]", "[sep]", "[ SEP]", "[[SEP]]"][numbers.below(8)]
            if numbers.below(2) == 0:
                text += " "
        return text

    def texts(self):
        # Every character of Unicode, between letters, sixteen to a string.
        for first in range(0, 0x110000, 16):
            if not 0xD800 <= first < 0xE000:
                yield " ".join("a" + chr(c) + "b" for c in range(first, first + 16))
        numbers = Numbers(20261)
        for _ in range(40_000):
            yield self._random_text(numbers)
        for _ in range(10_000):
            at, length = numbers.below(len(self.corpus)), 1 + numbers.below(400)
            yield self.corpus[at:at + length]

    def pairs(self):
        numbers = Numbers(20262)
        for _ in range(4_000):
            yield self._random_text(numbers), self._random_text(numbers), 3 + numbers.below(60)
