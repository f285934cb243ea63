"""The PyTorch stack with models that continue texts: answers against the references, streams, limits, and clients that leave."""
import http.client
import importlib.util
import json
import socket
import sys
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from repository import MODELS, TEXT_MODELS
from stack_server import COMMON
from text_server import LIMIT, TextServer

TOKENS = 24


class TextServerTests:
    """What holds for both architectures; a subclass names one."""

    architecture = ""

    @classmethod
    def setUpClass(cls):
        missing = [m for m in [*COMMON, "torch", "safetensors", "regex", "websockets"] if importlib.util.find_spec(m) is None]
        if missing:
            raise unittest.SkipTest(f"{sys.executable} has no module {', '.join(missing)}")
        if cls.architecture not in TEXT_MODELS:
            raise unittest.SkipTest(f"SERVEBENCH_TEXT_MODELS names no prepared {cls.architecture}")
        cls.folder = TEXT_MODELS[cls.architecture]
        cls.manifest = json.loads((cls.folder / "model.json").read_text(encoding="utf-8"))
        cls.references = cls.manifest["references"]
        card = (MODELS / cls.card / "model.yaml").read_text(encoding="utf-8")
        cls.near_tie = float(card.partition("near-tie: ")[2].split()[0])
        TextServer.name = cls.manifest["model"]
        cls.one, cls.many = cls.start(), cls.start("--threads=1", "--max-sequences=4", "--no-access-log")

    @classmethod
    def tearDownClass(cls):
        cls.one.stop()
        cls.many.stop()

    @classmethod
    def start(cls, *options):
        return TextServer("fastapi-pytorch", *options, model=cls.folder)

    @property
    def servers(self):
        """One text after the other, and four together."""
        return self.one, self.many

    def tokens_of(self, server, prompt, count=TOKENS):
        """The tokens that follow, which only the WebSocket says."""
        return [token["id"] for token in self.ask_socket(server, {"prompt": prompt, "max_tokens": count, "ignore_eos": True})[:-1]]

    def ask_socket(self, server, *requests):
        from websockets.sync.client import connect

        with connect(f"ws://127.0.0.1:{server.port}/v1/generate/ws") as connection:
            for request in requests:
                connection.send(request if isinstance(request, str) else json.dumps(request))
            messages = []
            for _ in requests:
                while True:
                    messages.append(json.loads(connection.recv(timeout=LIMIT)))
                    if "index" not in messages[-1]:
                        break
            return messages

    def assert_right(self, reference, tokens):
        """As the pipeline judges it: from a near tie on either token is right, and what follows may differ."""
        for due, margin, given in zip(reference["tokens"], reference["margins"], tokens, strict=True):
            if given != due:
                self.assertLess(margin, self.near_tie, reference["prompt"])
                return

    def assert_refused(self, answer, expected, param=None, code=None):
        status, body = answer
        self.assertEqual(expected, status, body)
        self.assertEqual({"message", "type", "param", "code"}, set(body["error"]))
        self.assertEqual((param, code), (body["error"]["param"], body["error"]["code"]), body)
        self.assertTrue(body["error"]["message"])

    def test_references_one_by_one(self):
        for server in self.servers:
            for reference in self.references:
                self.assert_right(reference, self.tokens_of(server, reference["prompt"]))
                self.assert_right(reference, self.tokens_of(server, reference["promptTokens"]))

    def test_a_batch_of_different_lengths_is_continued_as_one_after_the_other(self):
        prompts = [reference["prompt"] for reference in self.references]
        alone = [self.one.complete(prompt, max_tokens=3 + 5 * i, ignore_eos=True)[1]["choices"][0]["text"] for i, prompt in enumerate(prompts)]
        steps, tokens = self.many.counter("server_executions_total"), self.many.counter("server_inferences_total")
        with ThreadPoolExecutor(len(prompts)) as pool:
            together = pool.map(lambda i: self.many.complete(prompts[i], max_tokens=3 + 5 * i, ignore_eos=True)[1]["choices"][0]["text"], range(len(prompts)))
            self.assertEqual(alone, list(together))
        # In one request they are there at once, and share steps.
        _, answer = self.many.complete(prompts, max_tokens=28, ignore_eos=True)
        self.assertEqual(list(range(len(prompts))), [choice["index"] for choice in answer["choices"]])
        for text, choice in zip(alone, answer["choices"], strict=True):
            self.assertTrue(choice["text"].startswith(text), (text, choice["text"]))
        steps, tokens = self.many.counter("server_executions_total") - steps, self.many.counter("server_inferences_total") - tokens
        self.assertGreater(tokens / steps, 1.5)

    def test_the_form_of_a_whole_answer(self):
        before = self.one.counter("server_generated_tokens_total")
        _, answer = self.one.complete("The", max_tokens=5, ignore_eos=True)
        prompt = len(self.references[1]["promptTokens"])
        self.assertEqual({"id", "object", "created", "model", "choices", "usage"}, set(answer))
        self.assertEqual(("text_completion", TextServer.name), (answer["object"], answer["model"]))
        self.assertEqual({"prompt_tokens": prompt, "completion_tokens": 5, "total_tokens": prompt + 5}, answer["usage"])
        [choice] = answer["choices"]
        self.assertEqual({"index", "text", "logprobs", "finish_reason"}, set(choice))
        self.assertEqual((0, None, "length"), (choice["index"], choice["logprobs"], choice["finish_reason"]))
        self.assertEqual(before + 5, self.one.counter("server_generated_tokens_total"))

    def test_the_form_of_a_stream(self):
        for server in self.servers:
            _, whole = server.complete("The", max_tokens=5, ignore_eos=True)
            events = server.stream("The", max_tokens=5, ignore_eos=True, stream_options={"include_usage": True})
            self.assertTrue(server.content_type.startswith("text/event-stream"))
            self.assertEqual([], events[-1]["choices"])
            self.assertEqual(whole["usage"], events[-1]["usage"])
            self.assertTrue(all(event["usage"] is None for event in events[:-1]))
            self.assertEqual([None] * (len(events) - 2) + ["length"], [event["choices"][0]["finish_reason"] for event in events[:-1]])
            self.assertEqual(whole["choices"][0]["text"], "".join(event["choices"][0]["text"] for event in events[:-1]))
            self.assertTrue(all("usage" not in event for event in server.stream("The", max_tokens=2)))

    def test_a_stream_of_several_prompts(self):
        prompts = ["The", "Call me Ishmael."]
        _, whole = self.one.complete(prompts, max_tokens=6, ignore_eos=True)
        for server in self.servers:
            texts = ["", ""]
            for event in server.stream(prompts, max_tokens=6, ignore_eos=True):
                texts[event["choices"][0]["index"]] += event["choices"][0]["text"]
            self.assertEqual([choice["text"] for choice in whole["choices"]], texts)

    def test_tokens_come_one_by_one(self):
        before = self.one.counter("server_generated_tokens_total")
        answer, connection = self.one.open("The", max_tokens=1500, ignore_eos=True)
        answer.readline()
        # The first is here, and most of them have not been made yet.
        self.assertLess(self.one.counter("server_generated_tokens_total") - before, 1500)
        answer.read()
        connection.close()

    def test_bytes_that_are_no_characters_never_end_a_piece(self):
        # Random tokens hold many parts of characters.
        tokens = self.ask_socket(self.one, {"prompt": self.references[4]["prompt"], "max_tokens": 300, "ignore_eos": True})
        _, whole = self.one.complete(self.references[4]["prompt"], max_tokens=300, ignore_eos=True)
        self.assertEqual(whole["choices"][0]["text"], "".join(token["text"] for token in tokens[:-1]))
        events = self.many.stream(self.references[4]["prompt"], max_tokens=300, ignore_eos=True)
        self.assertEqual(whole["choices"][0]["text"], "".join(event["choices"][0]["text"] for event in events))

    def test_a_stop_string_ends_the_text_before_it(self):
        _, whole = self.one.complete("The", max_tokens=20, ignore_eos=True)
        text = whole["choices"][0]["text"]
        stop = text[11:16]  # out of the middle, across tokens
        for server in self.servers:
            _, answer = server.complete("The", max_tokens=20, ignore_eos=True, stop=["never", stop])
            self.assertEqual((text[: text.index(stop)], "stop"), (answer["choices"][0]["text"], answer["choices"][0]["finish_reason"]))
            events = server.stream("The", max_tokens=20, ignore_eos=True, stop=stop)
            self.assertEqual(text[: text.index(stop)], "".join(event["choices"][0]["text"] for event in events))

    def test_a_conversation(self):
        messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": [{"type": "text", "text": "Where?"}]}]
        _, expected = self.one.complete("system: Be brief.\nuser: Where?\nassistant:", max_tokens=4, ignore_eos=True)
        status, answer = self.one.complete(None, "/v1/chat/completions", messages=messages, max_completion_tokens=4, max_tokens=9, ignore_eos=True)
        self.assertEqual((200, "chat.completion", expected["usage"]), (status, answer["object"], answer["usage"]))
        self.assertEqual({"role": "assistant", "content": expected["choices"][0]["text"], "refusal": None}, answer["choices"][0]["message"])
        events = self.many.stream(None, path="/v1/chat/completions", messages=messages, max_tokens=4, ignore_eos=True)
        self.assertEqual({"role": "assistant", "content": ""}, events[0]["choices"][0]["delta"])
        self.assertEqual(expected["choices"][0]["text"], "".join(event["choices"][0]["delta"]["content"] for event in events))

    def test_without_a_limit_a_conversation_goes_on_to_the_end_of_the_context(self):
        _, answer = self.one.complete(None, "/v1/chat/completions", messages=[{"role": "user", "content": "The " * 1900}], ignore_eos=True)
        self.assertEqual((self.manifest["positions"], "length"), (answer["usage"]["total_tokens"], answer["choices"][0]["finish_reason"]))

    def test_what_cannot_be_answered_is_refused_in_openais_form(self):
        long = [1] * self.manifest["positions"]
        self.assert_refused(self.one.complete("a", model="gpt"), 404, "model", "model_not_found")
        for prompt in (None, "", [], ["a", ""], 7, ["a", 7], [[1], [2.5]], [-1], [self.manifest["vocabulary"]], {"a": 1}, [True]):
            self.assert_refused(self.one.complete(prompt), 400, "prompt")
        for prompt in ("whale " * 3000, "x" * 10_000_000, long, [long, [1]]):
            self.assert_refused(self.one.complete(prompt), 400, "prompt", "context_length_exceeded")
        for member, value in (
            ("n", 2), ("best_of", 2), ("echo", True), ("suffix", "b"), ("logprobs", 1), ("presence_penalty", 0.5), ("frequency_penalty", 1),
            ("logit_bias", {"1": 1}), ("temperature", 0.7), ("max_tokens", 0), ("max_tokens", "5"), ("max_completion_tokens", -1), ("stop", ["a"] * 5),
            ("stop", ""), ("stop", "a" * 257), ("stream", "yes"), ("ignore_eos", 1), ("stream_options", 7),
        ):
            self.assert_refused(self.one.complete("a", **{member: value}), 400, member)
        for messages in (None, [], [{"role": "user"}], [{"content": "a"}], [7], [{"role": "user", "content": [{"type": "image"}]}]):
            self.assert_refused(self.one.complete(None, "/v1/chat/completions", messages=messages), 400, "messages")

    def test_what_changes_nothing_is_taken(self):
        status, _ = self.one.complete(
            "a", max_tokens=1, n=1, best_of=1, echo=False, suffix=None, logprobs=None, presence_penalty=0, frequency_penalty=0.0, logit_bias={},
            temperature=0, top_p=1, seed=7, user="somebody", stop=None, stream=False, stream_options=None)
        self.assertEqual(200, status)

    def test_over_a_websocket(self):
        for server in self.servers:
            _, expected = server.complete("The", max_tokens=3, ignore_eos=True)
            messages = self.ask_socket(
                server, {"prompt": "The", "max_tokens": 3, "ignore_eos": True}, "{", {"prompt": ["a", "b"]}, {"prompt": "a", "n": 2},
                {"prompt": "The", "max_tokens": 1})
            self.assertEqual([0, 1, 2], [token["index"] for token in messages[:3]])
            self.assertEqual(expected["choices"][0]["text"], "".join(token["text"] for token in messages[:3]))
            self.assertEqual({"finish_reason": "length", "usage": expected["usage"]}, messages[3])
            self.assertEqual(["invalid_request_error"] * 3, [message["error"]["type"] for message in messages[4:7]])
            self.assertEqual((0, "length"), (messages[7]["index"], messages[8]["finish_reason"]))

    def leave(self, server, begin):
        """Lets a client leave that has begun; what it asked for is given up, and its slot is free."""
        cancelled, generated = server.counter("server_sequences_cancelled_total"), server.counter("server_generated_tokens_total")
        begin()
        server.until("server_sequences_cancelled_total", cancelled + 1)
        server.until("server_sequences_running", 0)
        self.assertLess(server.counter("server_generated_tokens_total") - generated, 1900, "it was given up before its end")

    def test_a_client_that_leaves_a_stream_frees_its_slot(self):
        for server in self.servers:
            def begin(server=server):
                answer, connection = server.open("The", max_tokens=2000, ignore_eos=True)
                answer.readline()
                connection.sock.shutdown(socket.SHUT_RDWR)
                answer.close()
                connection.close()
            self.leave(server, begin)

    def test_a_client_that_leaves_before_its_whole_answer_frees_its_slot(self):
        def begin():
            running = self.one.counter("server_generated_tokens_total")
            connection = http.client.HTTPConnection("127.0.0.1", self.one.port, timeout=LIMIT)
            connection.request("POST", "/v1/completions", json.dumps({"prompt": "The", "max_tokens": 2000, "ignore_eos": True}), {"content-type": "application/json"})
            while self.one.counter("server_generated_tokens_total") == running:
                time.sleep(0.01)
            connection.close()
        self.leave(self.one, begin)

    def test_a_client_that_leaves_a_websocket_frees_its_slot(self):
        from websockets.sync.client import connect

        for server in self.servers:
            def begin(server=server):
                with connect(f"ws://127.0.0.1:{server.port}/v1/generate/ws") as connection:
                    connection.send(json.dumps({"prompt": "The", "max_tokens": 2000, "ignore_eos": True}))
                    connection.recv(timeout=LIMIT)
            self.leave(server, begin)

    def test_at_its_limit_it_says_so(self):
        server = self.start("--max-waiting=2")
        try:
            self.assert_refused(server.complete(["a"] * 3), 429, None, "queue_full")
            self.assertEqual(200, server.complete(["a"] * 2, max_tokens=1)[0])
        finally:
            server.stop()

    def test_large_bodies_are_refused(self):
        server = self.start("--max-body=2000")
        try:
            self.assert_refused(server.complete("a" * 2000), 413)
        finally:
            server.stop()

    def test_asked_to_end_it_finishes_its_streams_and_takes_no_more(self):
        server = self.start("--max-sequences=2")
        answers = [server.open("The", max_tokens=500, ignore_eos=True) for _ in range(2)]
        for answer, _ in answers:
            answer.readline()
        stopping = threading.Thread(target=server.stop)
        stopping.start()
        texts = [answer.read().decode() for answer, _ in answers]
        stopping.join()
        for _, connection in answers:
            connection.close()
        for text in texts:
            self.assertTrue(text.endswith('"finish_reason":"length"}]}\n\ndata: [DONE]\n\n'), (text[-300:], "".join(server.log)))
        with self.assertRaises(ConnectionError):
            server.ask("GET", "/health")

    def test_a_runtime_of_whole_batches_is_refused(self):
        from model_server.generation.pipeline import GenerationPipeline
        from model_server.model import ModelFolder

        pipeline = GenerationPipeline(None, ModelFolder.read(str(self.folder)))
        with self.assertRaisesRegex(ValueError, f"{TextServer.name} continues texts, and this stack serves models that answer at once"):
            pipeline.use(object())


class Gpt2Tests(TextServerTests, unittest.TestCase):
    architecture = "gpt2"
    card = "gpt2"


class OptTests(TextServerTests, unittest.TestCase):
    architecture = "opt"
    card = "opt-125m"


if __name__ == "__main__":
    unittest.main()
