"""Records the token ids that the reference tokenizer gives to about 120,000 generated strings, as one CRC-32 for every eight.

usage: python3 tokens.py VOCAB CORPUS OUTPUT_FOLDER

Tokenizers/GeneratedTexts.cs generates the same strings; both follow the same pseudo-random numbers.
"""
import json
import struct
import sys
import zlib

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

vocabulary = open(sys.argv[1], encoding="utf-8").read().split("\n")[:-1]
corpus = open(sys.argv[2], encoding="utf-8", newline="").read()
folder = sys.argv[3]

tokenizer = Tokenizer(models.WordPiece({t: i for i, t in enumerate(vocabulary)}, unk_token="[UNK]", max_input_chars_per_word=100))
tokenizer.normalizer = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True)
tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
tokenizer.post_processor = processors.BertProcessing(("[SEP]", 102), ("[CLS]", 101))
tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])

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


def random_text(numbers):
    text = ""
    for _ in range(1 + numbers.below(12)):
        kind = numbers.below(10)
        if kind < 5:
            text += "".join(character(numbers) for _ in range(1 + numbers.below(8)))
        elif kind < 8:
            token = vocabulary[numbers.below(len(vocabulary))]
            text += token[2:] if token.startswith("##") and numbers.below(2) == 0 else token
        elif kind == 8:
            text += chr(0x61 + numbers.below(26)) * (95 + numbers.below(11))
        else:
            text += ["[SEP]", "[CLS]", "[MASK]", "[UNK]", "[PAD]", "[sep]", "[ SEP]", "[[SEP]]"][numbers.below(8)]
        if numbers.below(2) == 0:
            text += " "
    return text


def texts():
    # Every character of Unicode, between letters, sixteen to a string.
    for first in range(0, 0x110000, 16):
        if not 0xD800 <= first < 0xE000:
            yield " ".join("a" + chr(c) + "b" for c in range(first, first + 16))
    numbers = Numbers(20261)
    for _ in range(40_000):
        yield random_text(numbers)
    for _ in range(10_000):
        at, length = numbers.below(len(corpus)), 1 + numbers.below(400)
        yield corpus[at:at + length]


def pairs():
    numbers = Numbers(20262)
    for _ in range(4_000):
        yield random_text(numbers), random_text(numbers), 3 + numbers.below(60)


def crc(sequences):
    return zlib.crc32(b"".join(struct.pack(f"<{len(s)}i", *s) + b"\xff\xff\xff\xff" for s in sequences))


def blocks(items, size=8):
    items = list(items)
    for at in range(0, len(items), size):
        yield items[at:at + size]


with open(f"{folder}/tokens.crc", "wb") as out:
    for block in blocks(texts(), 8):
        out.write(struct.pack("<I", crc([tokenizer.encode(t).ids for t in block])))

with open(f"{folder}/pairs.crc", "wb") as out:
    for block in blocks(pairs(), 8):
        sequences = []
        for first, second, limit in block:
            tokenizer.enable_truncation(limit, strategy="longest_first")
            encoding = tokenizer.encode(first, second)
            sequences += [encoding.ids, encoding.type_ids]
            sequences.append(tokenizer.encode(first).ids)
        out.write(struct.pack("<I", crc(sequences)))
tokenizer.no_truncation()

READABLE = [
    "", " ", "whale", "Hello, World!", "unaffable", "Embeddings tokenise UNBELIEVABLY", "Crème Brûlée à Zürich", "İstanbul ΣΊΣΥΦΟΣ straße ẞ",
    "don't can't 'quoted' \"double\"", "3,215.50 $1.00 100% #1 a@b.c", "東京都に行く", "한글 텍스트", "naïve\u0301 e\u0301", "a\u200db\u00adc\ufeffd",
    "tab\tnew\nline\r\u00a0nbsp\u3000wide", "[CLS] a [SEP] b [MASK] [sep]", "[[SEP]]", "##ing ##", "🐋 whale 🐋🐋", "x" * 100, "x" * 101,
    "ﬁne ﬀ ½ ² ™", "Ωmega Å Å", "\x00\x01control\x7f", "a" + "\u0301" * 200 + "b", "supercalifragilisticexpialidocious antidisestablishmentarianism",
    "e.g. i.e. U.S.A. 10:30 p.m.", "C++ C# F# .NET 10", "снег идёт", "שלום עולם", "مرحبا بالعالم", "नमस्ते दुनिया", "สวัสดีชาวโลก",
]
with open(f"{folder}/tokens.json", "w", encoding="utf-8") as out:
    out.write("[\n" + ",\n".join(json.dumps({"text": t, "ids": tokenizer.encode(t).ids}) for t in READABLE) + "\n]\n")
