"""GPT-2's byte-level BPE against what its published algorithm gave, as recorded for ServeBench's own tokenizer, and its text in a stream."""
import importlib.util
import json
import struct
import sys
import unittest
import zlib

from repository import ROOT, TEXT_MODELS, VECTORS

from generated_texts import GeneratedTexts

BLOCK_SIZE = 8
HOSTILE = [
    " ", "\n\n \t", "it's they'll I'd WE'LL 's'", "\0\u0001\u007f", "𝒜𝒷𝒸 𝟘𝟙 🐋🐋 👩\u200d👩\u200d👧", "e\u0301\u0301\u0301", "\u00a0\u2003x\u3000",
    "a" * 5000, " " * 3000, "x\ud800", "\udc00y", "\ud800\ud800\udc00", "<|endoftext|>", "مرحبا بالعالم", "東京都に行く", "🐋" * 700, "\ufeffBOM\uffff\ufffe",
]


class TokenizerTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if importlib.util.find_spec("regex") is None:
            raise unittest.SkipTest(f"{sys.executable} has no module regex")
        if not TEXT_MODELS:
            raise unittest.SkipTest("SERVEBENCH_TEXT_MODELS names no prepared models")
        from model_server.generation.byte_level import ByteLevelTokenizer
        from model_server.generation.output_text import OutputText

        cls.folder, cls.OutputText = TEXT_MODELS["gpt2"], OutputText
        cls.load = lambda folder: ByteLevelTokenizer.load(folder / "vocab.json", folder / "merges.txt")
        cls.tokenizer = cls.load(cls.folder)

    def shown(self, tokens, stops=()):
        """What each token shows, and whether a stop string came."""
        text, shown = self.OutputText(self.tokenizer, stops), []
        for token in tokens:
            piece, has_stopped = text.add(token)
            shown.append(piece)
            if has_stopped:
                return shown, True
        return [*shown, text.finish()], False


class RecordedTokens(TokenizerTests):
    def test_every_character_and_fifty_thousand_texts(self):
        ids = json.loads((self.folder / "vocab.json").read_text(encoding="utf-8"))
        corpus = (ROOT / "k6" / "data" / "moby-dick.txt").read_bytes().decode("utf-8")
        texts = list(GeneratedTexts([token for token, _ in sorted(ids.items(), key=lambda entry: entry[1])], corpus).texts())
        self.assertGreater(len(texts), 100_000)
        recorded = (VECTORS / "byte-tokens.crc").read_bytes()
        different = []
        for block, start in enumerate(range(0, len(texts), BLOCK_SIZE)):
            # Every sequence ends with -1, so that no two lists of sequences give the same bytes.
            flat = [i for text in texts[start:start + BLOCK_SIZE] for i in [*self.tokenizer.encode(text), -1]]
            if zlib.crc32(struct.pack(f"<{len(flat)}i", *flat)) != struct.unpack_from("<I", recorded, 4 * block)[0]:
                different.append(texts[start:start + BLOCK_SIZE])
        self.assertEqual(len(recorded), 4 * (block + 1))
        self.assertEqual([], different[:1], f"{len(different)} of {block + 1} blocks differ")

    def test_the_prompts_of_the_references(self):
        for folder in TEXT_MODELS.values():
            manifest = json.loads((folder / "model.json").read_text(encoding="utf-8"))
            begin = manifest["tokenizer"].get("begin")
            encode = self.__class__.load(folder).encode
            for reference in manifest["references"]:
                self.assertEqual(reference["promptTokens"], [*([] if begin is None else [begin]), *encode(reference["prompt"])], folder)

    def test_a_word_of_a_hundred_thousand_letters_takes_no_square_of_that(self):
        text = "".join(chr(97 + (i * 7919 + i * i * 31) % 26) for i in range(100_000))
        tokens = self.tokenizer.encode(text)
        self.assertEqual(text.encode(), b"".join(map(self.tokenizer.bytes_of, tokens)))


class StreamedText(TokenizerTests):
    def test_tokens_of_any_text_are_the_text_again(self):
        for text in HOSTILE:
            # Pairs of surrogates are a character; what is left of them is none.
            whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            shown, _ = self.shown(self.tokenizer.encode(text))
            self.assertEqual(whole, "".join(shown))

    def test_a_character_waits_for_its_last_token(self):
        tokens = self.tokenizer.encode("🐋")
        self.assertGreater(len(tokens), 1)
        self.assertEqual(([*[""] * (len(tokens) - 1), "🐋", ""], False), self.shown(tokens))
        # One that is never completed is said to be none.
        self.assertEqual((["", "\ufffd"], False), self.shown(tokens[:1]))

    def test_a_special_token_is_silent(self):
        self.assertEqual("ab", "".join(self.shown([*self.tokenizer.encode("a"), 50256, *self.tokenizer.encode("b")])[0]))

    def test_a_stop_string_across_tokens_is_held_back_and_ends_the_text(self):
        tokens = [token for word in ("one", " tw", "o th", "ree") for token in self.tokenizer.encode(word)]
        shown, has_stopped = self.shown(tokens, ("never", "two three"))
        self.assertTrue(has_stopped)
        self.assertEqual("one ", "".join(shown))

    def test_what_only_began_like_a_stop_string_is_shown(self):
        tokens = [token for word in ("one", " tw", "in") for token in self.tokenizer.encode(word)]
        shown, has_stopped = self.shown(tokens, ("two",))
        self.assertFalse(has_stopped)
        self.assertEqual("one twin", "".join(shown))
        self.assertEqual("one ", "".join(shown[:2]), "'tw' may become the stop string")
        # At the end what was held back is part of the text.
        self.assertEqual("one tw", "".join(self.shown(tokens[:2], ("two",))[0]))

    def test_the_first_of_two_stop_strings_counts(self):
        shown, _ = self.shown(self.tokenizer.encode("abc"), ("c", "b"))
        self.assertEqual("a", "".join(shown))


del TokenizerTests  # a class of no tests would be run as one that passes

if __name__ == "__main__":
    unittest.main()
