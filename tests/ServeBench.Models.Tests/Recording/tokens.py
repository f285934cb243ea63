"""Records the token ids that the reference tokenizer gives to about 120,000 generated strings, as one CRC-32 for every eight.

usage: python3 tokens.py VOCAB CORPUS OUTPUT_FOLDER
"""
import json
import struct
import sys
import zlib

from generated_texts import GeneratedTexts
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

vocabulary = open(sys.argv[1], encoding="utf-8").read().split("\n")[:-1]
corpus = open(sys.argv[2], encoding="utf-8", newline="").read()
folder = sys.argv[3]

tokenizer = Tokenizer(models.WordPiece({t: i for i, t in enumerate(vocabulary)}, unk_token="[UNK]", max_input_chars_per_word=100))
tokenizer.normalizer = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True)
tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
tokenizer.post_processor = processors.BertProcessing(("[SEP]", 102), ("[CLS]", 101))
tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])

generated = GeneratedTexts(vocabulary, corpus)


def crc(sequences):
    return zlib.crc32(b"".join(struct.pack(f"<{len(s)}i", *s) + b"\xff\xff\xff\xff" for s in sequences))


def blocks(items, size=8):
    items = list(items)
    for at in range(0, len(items), size):
        yield items[at:at + size]


with open(f"{folder}/tokens.crc", "wb") as out:
    for block in blocks(generated.texts(), 8):
        out.write(struct.pack("<I", crc([tokenizer.encode(t).ids for t in block])))

with open(f"{folder}/pairs.crc", "wb") as out:
    for block in blocks(generated.pairs(), 8):
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
