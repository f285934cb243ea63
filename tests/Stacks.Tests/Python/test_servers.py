"""Each Python stack as it is started by stack.yaml's command: answers, errors, limits, counters, and how it ends."""
import base64
import importlib.util
import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time
import unittest

from repository import CHARACTERS, MODEL, SHARED, STACKS
from stack_server import COMMON, Server

NAME = "all-MiniLM-L6-v2"


class EmbeddingServer(Server):
    def embed(self, texts, **more):
        status, body = self.ask("POST", "/v1/embeddings", json.dumps({"model": NAME, "input": texts, **more}))
        return status, json.loads(body)


class ServerTests:
    """What holds for every stack; a subclass names one."""

    stack = ""
    library = "ONNX Runtime"
    modules = []
    tuned = []

    @classmethod
    def setUpClass(cls):
        missing = [m for m in COMMON + cls.modules if importlib.util.find_spec(m) is None]
        if missing:
            raise unittest.SkipTest(f"{sys.executable} has no module {', '.join(missing)}")
        if MODEL is None:
            raise unittest.SkipTest("SERVEBENCH_MODEL names no prepared model")
        cls.references = json.loads((MODEL / "model.json").read_text(encoding="utf-8"))["references"]
        cls.server = EmbeddingServer(cls.stack, "--max-items=64", "--max-body=20000")

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def assert_near(self, expected, found):
        self.assertEqual(len(expected), len(found))
        self.assertLess(max(abs(e - f) for e, f in zip(expected, found)), 1e-5)

    def assert_refused(self, status, answer, expected, param=None, code=None):
        self.assertEqual(expected, status, answer)
        error = answer["error"]
        self.assertEqual({"message", "type", "param", "code"}, set(error))
        self.assertEqual("invalid_request_error", error["type"])
        self.assertTrue(error["message"])
        self.assertEqual((param, code), (error["param"], error["code"]))

    def test_references_one_by_one(self):
        for reference in self.references:
            status, answer = self.server.embed(reference["text"])
            self.assertEqual(200, status, answer)
            self.assert_near(reference["embedding"], answer["data"][0]["embedding"])

    def test_what_computes_is_told_with_its_version(self):
        _, body = self.server.ask("GET", "/metrics")
        self.assertRegex(body.decode(), rf'(?m)^server_runtime_info{{name="{self.library}",version="\d+\.\d+[^"]*"}} 1$')

    def test_references_in_one_request_in_order(self):
        _, answer = self.server.embed([r["text"] for r in self.references])
        self.assertEqual(list(range(len(self.references))), [item["index"] for item in answer["data"]])
        for reference, item in zip(self.references, answer["data"], strict=True):
            self.assert_near(reference["embedding"], item["embedding"])

    def test_shape_of_an_answer(self):
        _, answer = self.server.embed(["whale", "The ship sailed at dawn."])
        self.assertEqual({"object", "data", "model", "usage"}, set(answer))
        self.assertEqual(("list", NAME), (answer["object"], answer["model"]))
        self.assertEqual([("embedding", 0), ("embedding", 1)], [(item["object"], item["index"]) for item in answer["data"]])
        # [CLS] whale [SEP], and six words with a full stop.
        self.assertEqual({"prompt_tokens": 3 + 8, "total_tokens": 3 + 8}, answer["usage"])

    def test_base64(self):
        _, plain = self.server.embed("whale")
        _, encoded = self.server.embed("whale", encoding_format="base64")
        raw = base64.b64decode(encoded["data"][0]["embedding"])
        self.assert_near(plain["data"][0]["embedding"], struct.unpack(f"<{len(raw) // 4}f", raw))

    def test_long_texts_are_cut(self):
        _, answer = self.server.embed("whale " * 1000)
        self.assertEqual(256, answer["usage"]["prompt_tokens"])

    def test_what_cannot_be_answered_is_refused_in_openais_form(self):
        self.assert_refused(*self.server.embed("whale", dimensions=7), 400, "dimensions")
        self.assert_refused(*self.server.embed(""), 400, "input")
        self.assert_refused(*self.server.embed([]), 400, "input")
        self.assert_refused(*self.server.embed(["whale", ""]), 400, "input")
        self.assert_refused(*self.server.embed(7), 400, "input")
        self.assert_refused(*self.server.embed(["whale", 7]), 400, "input")
        self.assert_refused(*self.server.embed(["whale"] * 65), 400, "input")
        self.assert_refused(*self.server.embed("whale", encoding_format="octal"), 400, "encoding_format")
        self.assert_refused(*self.server.embed("whale", model="gpt"), 404, "model", "model_not_found")

    def test_what_is_no_request_is_refused_in_openais_form(self):
        for body, status, parameter in (("{", 400, None), ("[]", 400, None), ("", 400, None), ('{"input": "whale"}', 400, "model"), ('{"model": "m"}', 400, "input")):
            answer = self.server.ask("POST", "/v1/embeddings", body)
            self.assert_refused(answer[0], json.loads(answer[1]), status, parameter)
        status, body = self.server.ask("POST", "/v1/nothing", "{}")
        self.assert_refused(status, json.loads(body), 404, None, "unknown_url")
        status, body = self.server.ask("GET", "/v1/embeddings")
        self.assert_refused(status, json.loads(body), 404, None, "unknown_url")

    def test_large_bodies_are_refused_with_a_length_and_without(self):
        # Small enough for the sockets' buffers: the client has sent it all before it is refused, and can read the answer.
        large = json.dumps({"model": NAME, "input": "x" * 20_001})
        status, body = self.server.ask("POST", "/v1/embeddings", large)
        self.assert_refused(status, json.loads(body), 413)
        pieces = (large[i : i + 1000].encode() for i in range(0, len(large), 1000))
        status, body = self.server.ask("POST", "/v1/embeddings", pieces)
        self.assert_refused(status, json.loads(body), 413)

    def test_counters_count_texts_and_executions(self):
        inferences, executions = self.server.counter("server_inferences_total"), self.server.counter("server_executions_total")
        self.server.embed(["whale"] * 5)
        self.assertEqual(inferences + 5, self.server.counter("server_inferences_total"))
        self.assertEqual(executions + 1, self.server.counter("server_executions_total"))

    def test_models(self):
        status, body = self.server.ask("GET", "/v1/models")
        self.assertEqual((200, [NAME]), (status, [m["id"] for m in json.loads(body)["data"]]))

    def test_at_its_limit_it_says_so(self):
        server = EmbeddingServer(self.stack, "--max-waiting=3")
        try:
            status, answer = server.embed(["whale"] * 4)
            self.assertEqual((429, "rate_limit_error", "queue_full"), (status, answer["error"]["type"], answer["error"]["code"]))
            self.assertEqual(200, server.embed(["whale"] * 3)[0])
        finally:
            server.stop()

    def test_asked_to_end_it_answers_what_it_has_begun(self):
        server = EmbeddingServer(self.stack)
        statuses = []
        clients = [threading.Thread(target=lambda: statuses.append(server.embed(["whale " * 100] * 2)[0])) for _ in range(4)]
        begun = server.counter("server_input_seconds_count")
        for client in clients:
            client.start()
        while server.counter("server_input_seconds_count") < begun + 4:
            time.sleep(0.01)
        code = server.stop()
        for client in clients:
            client.join()
        self.assertEqual([200] * 4, statuses, "".join(server.log))
        # uvicorn ends by the signal that it was sent, once all is in order.
        self.assertIn(code, (0, -signal.SIGTERM))

    def test_tuned(self):
        server = EmbeddingServer(self.stack, *self.tuned)
        try:
            _, answer = server.embed([r["text"] for r in self.references])
            for reference, item in zip(self.references, answer["data"], strict=True):
                self.assert_near(reference["embedding"], item["embedding"])
            # Whichever of several processes is asked answers for all.
            before = server.counter("server_inferences_total")
            for _ in range(20):
                server.embed("whale")
            self.assertEqual(before + 20, server.counter("server_inferences_total"))
        finally:
            server.stop()

    def test_a_model_that_is_not_there_is_told(self):
        run = subprocess.run(
            [sys.executable, str(STACKS / self.stack / "app" / "server.py"), "--model=/nowhere", f"--characters={CHARACTERS}"],
            env={**os.environ, "PYTHONPATH": str(SHARED)}, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(1, run.returncode)
        self.assertEqual("/nowhere/model.json is not there; --model names a folder that `./build.sh --target=Models` prepared\n", run.stderr)


class OnnxRuntimeTests(ServerTests, unittest.TestCase):
    stack = "fastapi-onnxruntime"
    modules = ["onnxruntime"]
    tuned = ["--workers=2", "--threads=1", "--concurrency=1", "--group-items=3", "--no-access-log"]


class PyTorchTests(ServerTests, unittest.TestCase):
    stack = "fastapi-pytorch"
    library = "PyTorch"
    modules = ["torch", "safetensors"]
    tuned = ["--workers=2", "--threads=1", "--concurrency=1", "--group-items=3", "--no-access-log"]


class QueueTests(ServerTests, unittest.TestCase):
    stack = "fastapi-queue"
    modules = ["onnxruntime"]
    tuned = ["--threads=2", "--max-delay=0", "--length-step=32", "--no-access-log"]


if __name__ == "__main__":
    unittest.main()
