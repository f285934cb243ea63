"""Records the token ids that GPT-2's published algorithm gives to about 120,000 generated strings, as one CRC-32 for every eight.

The algorithm is that of encoder.py, published with the model (Radford et al. 2019): its pattern, its table of bytes, its merging.
usage: python3 byte_tokens.py VOCAB_JSON MERGES_TXT CORPUS OUTPUT_FOLDER
"""
import json
import struct
import sys
import zlib

import regex

from generated_texts import GeneratedTexts

PATTERN = regex.compile(r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+""")


def bytes_to_unicode():
    own = list(range(ord("!"), ord("~") + 1)) + list(range(ord("¡"), ord("¬") + 1)) + list(range(ord("®"), ord("ÿ") + 1))
    table = {b: chr(b) for b in own}
    others = [b for b in range(256) if b not in table]
    table.update({b: chr(256 + i) for i, b in enumerate(others)})
    return table


TABLE = bytes_to_unicode()
encoder = json.load(open(sys.argv[1], encoding="utf-8"))
merges = open(sys.argv[2], encoding="utf-8").read().split("\n")[1:-1]
ranks = {tuple(m.split()): i for i, m in enumerate(merges)}
corpus = open(sys.argv[3], encoding="utf-8", newline="").read()
cache = {}


def bpe(piece):
    if piece in cache:
        return cache[piece]
    word = list(piece)
    while len(word) > 1:
        pair = min(zip(word, word[1:]), key=lambda p: ranks.get(p, float("inf")))
        if pair not in ranks:
            break
        merged, i = [], 0
        while i < len(word):
            if i + 1 < len(word) and (word[i], word[i + 1]) == pair:
                merged.append(word[i] + word[i + 1])
                i += 2
            else:
                merged.append(word[i])
                i += 1
        word = merged
    cache[piece] = [encoder[w] for w in word]
    return cache[piece]


def encode(text):
    ids = []
    for piece in PATTERN.findall(text):
        ids += bpe("".join(TABLE[b] for b in piece.encode("utf-8")))
    return ids


def crc(sequences):
    return zlib.crc32(b"".join(struct.pack(f"<{len(s)}i", *s) + b"\xff\xff\xff\xff" for s in sequences))


# Vocabulary entries are inserted as the vocabulary writes them, in ascending order of their ids.
vocabulary = [t for t, _ in sorted(encoder.items(), key=lambda e: e[1])]
texts = list(GeneratedTexts(vocabulary, corpus).texts())
with open(f"{sys.argv[4]}/byte-tokens.crc", "wb") as out:
    for at in range(0, len(texts), 8):
        out.write(struct.pack("<I", crc([encode(t) for t in texts[at:at + 8]])))
