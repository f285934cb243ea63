"""Token for token against what the reference implementation gave, as recorded for ServeBench's own tokenizer."""
import json
import struct
import unittest
import zlib

from repository import CHARACTERS, MODEL, ROOT, VECTORS

from model_server.embedding.characters import CharacterTable
from model_server.embedding.wordpiece import WordPieceTokenizer
from generated_texts import GeneratedTexts

BLOCK_SIZE = 8


@unittest.skipUnless(MODEL, "SERVEBENCH_MODEL names no prepared model")
class RecordedTokens(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.vocabulary = MODEL / "vocab.txt"
        cls.characters = CharacterTable.load(CHARACTERS)
        tokens = cls.vocabulary.read_bytes().decode("utf-8").split("\n")[:-1]
        corpus = (ROOT / "k6" / "data" / "moby-dick.txt").read_bytes().decode("utf-8")
        cls.texts = GeneratedTexts(tokens, corpus)

    def tokenizer(self, maximum_tokens=100_000):
        return WordPieceTokenizer.load(self.vocabulary, self.characters, maximum_tokens)

    def test_every_character_and_fifty_thousand_texts(self):
        encode = self.tokenizer().encode
        texts = list(self.texts.texts())
        self.assertGreater(len(texts), 100_000)
        recorded = (VECTORS / "tokens.crc").read_bytes()
        different = []
        for block, start in enumerate(range(0, len(texts), BLOCK_SIZE)):
            # Every sequence ends with -1, so that no two lists of sequences give the same bytes.
            flat = [i for text in texts[start:start + BLOCK_SIZE] for i in [*encode(text), -1]]
            if zlib.crc32(struct.pack(f"<{len(flat)}i", *flat)) != struct.unpack_from("<I", recorded, 4 * block)[0]:
                different.append(texts[start:start + BLOCK_SIZE])
        self.assertEqual(len(recorded), 4 * (block + 1))
        self.assertEqual([], different[:1], f"{len(different)} of {block + 1} blocks differ")

    def test_truncated_texts(self):
        """The recorded pairs hold the truncation of each first text, but hashed together with the pair; so this checks the cut."""
        whole = self.tokenizer()
        for limit in (2, 3, 5, 17, 128):
            cut = self.tokenizer(limit)
            for text, _, _ in self.texts.pairs():
                ids = whole.encode(text)
                expected = ids if len(ids) <= limit else [*ids[:limit - 1], ids[-1]]
                self.assertEqual(expected, cut.encode(text), text)

    def test_readable_examples(self):
        encode = self.tokenizer().encode
        for example in json.loads((VECTORS / "tokens.json").read_text(encoding="utf-8")):
            self.assertEqual(example["ids"], encode(example["text"]), example["text"])

    def test_lone_surrogates_are_dropped(self):
        encode = self.tokenizer().encode
        self.assertEqual(encode("whale"), encode("wh\ud800ale\udfff"))


if __name__ == "__main__":
    unittest.main()
