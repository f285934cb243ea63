"""Records what the reference tokenizer does to each Unicode character, as src/ServeBench.Models/Tokenizers/bert-uncased-characters.txt.

usage: python3 characters.py VOCAB OUTPUT
"""
import sys

import tokenizers
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

normalise = BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True).normalize_str
split = BertPreTokenizer().pre_tokenize_str
alphabet = {ord(c) for line in open(sys.argv[1], encoding="utf-8").read().split("\n") for c in line}

HANGUL = range(0xAC00, 0xD7A4)
characters = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
becomes = {c: normalise(chr(c)) for c in characters}


def ranges(members):
    found = []
    for c in members:
        if found and found[-1][1] == c - 1:
            found[-1][1] = c
        else:
            found.append([c, c])
    return " ".join(f"{a:x}" if a == b else f"{a:x}-{b:x}" for a, b in found)


def check_hangul():
    for c in HANGUL:
        i = c - 0xAC00
        parts = [0x1100 + i // 588, 0x1161 + i % 588 // 28] + ([0x11A7 + i % 28] if i % 28 else [])
        assert becomes[c] == "".join(map(chr, parts)), hex(c)


def check_reordering():
    """Canonical ordering of combining marks may exchange marks that are kept. No mark that takes part is in the vocabulary,
    so the word around it is unknown in either order, and the tokenizer need not reorder."""
    for c in characters:
        kept = becomes[c].strip(" ")
        if not kept:
            continue
        before, after = normalise("a\u302e" + chr(c)), normalise("a" + chr(c) + "\U0001d165")
        if before != "a\u302e" + kept or after != "a" + kept + "\U0001d165":
            if not becomes[c].startswith(" "):
                assert not alphabet & set(map(ord, kept)), hex(c)


def mappings():
    """Runs start-end/step+delta of characters that become another one, and c=x,y for those that become several."""
    runs = []
    for c in characters:
        kept = becomes[c].strip(" ")
        if not kept or kept == chr(c) or c in HANGUL:
            continue
        if len(kept) > 1:
            runs.append([c, c, 0, [ord(x) for x in kept]])
            continue
        delta = ord(kept) - c
        last = runs[-1] if runs else None
        if last and last[3] == delta and c - last[1] in ((last[2],) if last[2] else (1, 2)):
            last[2], last[1] = c - last[1], c
        else:
            runs.append([c, c, 0, delta])
    for a, b, step, change in runs:
        if isinstance(change, list):
            yield f"{a:x}=" + ",".join(f"{x:x}" for x in change)
        else:
            sign = "-" if change < 0 else "+"
            yield (f"{a:x}" if a == b else f"{a:x}-{b:x}" + (f"/{step}" if step != 1 else "")) + f"{sign}{abs(change):x}"


check_hangul()
check_reordering()
ideographs = [c for c in characters if len(becomes[c]) > 1 and becomes[c].startswith(" ")]
assert all(becomes[c][-1] == " " and len(becomes[c].strip(" ")) == 1 for c in ideographs)
outputs = sorted({ord(x) for text in becomes.values() for x in text} - {0x20})
punctuation = [c for c in outputs if len(split("a" + chr(c) + "a")) == 3]
assert all(len(split("a" + chr(c) + "a")) in (1, 3) for c in outputs)

with open(sys.argv[2], "w", encoding="utf-8") as out:
    out.write(f"# What BERT's uncased tokenizer does to each character. Recorded from the reference implementation (tokenizers\n")
    out.write(f"# {tokenizers.__version__}) by tests/ServeBench.Models.Tests/Recording/characters.py; do not edit. Code points are hexadecimal.\n")
    out.write(f"removed {ranges(c for c in characters if not becomes[c])}\n")
    out.write(f"space {ranges(c for c in characters if becomes[c] == ' ')}\n")
    out.write(f"ideograph {ranges(ideographs)}\n")
    out.write(f"punctuation {ranges(punctuation)}\n")
    out.write(f"becomes {' '.join(mappings())}\n")
