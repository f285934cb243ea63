"""Each Python stack with a classifier of images: answers against the references, and what is refused."""
import base64
import importlib.util
import json
import re
import struct
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor

from repository import IMAGE_MODEL, MODELS
from stack_server import COMMON, Server


def most_difference(model):
    """The limit of the model's card, in standard deviations of the expected logits."""
    card = (MODELS / model / "model.yaml").read_text(encoding="utf-8")
    return float(re.search(r"^  largest-logit-difference: (\S+)$", card, re.MULTILINE).group(1))


class ImageServerTests:
    """What holds for every stack; a subclass names one."""

    stack = ""
    modules = []
    tuned = []

    @classmethod
    def setUpClass(cls):
        missing = [m for m in [*COMMON, "PIL", "python_multipart", *cls.modules] if importlib.util.find_spec(m) is None]
        if missing:
            raise unittest.SkipTest(f"{sys.executable} has no module {', '.join(missing)}")
        if IMAGE_MODEL is None:
            raise unittest.SkipTest("SERVEBENCH_IMAGE_MODEL names no prepared model")
        manifest = json.loads((IMAGE_MODEL / "model.json").read_text(encoding="utf-8"))
        cls.name, cls.size, cls.classes = manifest["model"], manifest["input"]["size"], manifest["classes"]
        cls.most_difference = most_difference(cls.name)
        cls.references = [((IMAGE_MODEL / r["image"]).read_bytes(), r["logits"]) for r in manifest["references"]]
        cls.server = Server(cls.stack, "--max-items=64", model=IMAGE_MODEL)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def classify(self, files, server=None, **more):
        images = [base64.b64encode(file).decode() for file in files]
        status, body = (server or self.server).ask("POST", "/v1/classify", json.dumps({"model": self.name, "images": images, **more}))
        return status, json.loads(body)

    def infer(self, body, headers):
        status, answer = self.server.ask("POST", f"/v2/models/{self.name}/infer", body, headers)
        return status, json.loads(answer)

    def assert_near(self, expected, found):
        self.assertEqual(len(expected), len(found))
        due, own = sum(expected) / len(expected), sum(found) / len(found)
        deviation = (sum((e - due) ** 2 for e in expected) / len(expected)) ** 0.5
        self.assertLess(max(abs(e - due - (f - own)) for e, f in zip(expected, found)) / deviation, self.most_difference)

    def assert_refused(self, status, answer, expected, param=None):
        self.assertEqual(expected, status, answer)
        self.assertEqual(param, answer["error"]["param"], answer)
        self.assertTrue(answer["error"]["message"])

    def test_references_one_by_one(self):
        for file, logits in self.references:
            status, answer = self.classify([file], logits=True, top_k=3)
            self.assertEqual(200, status, answer)
            [prediction] = answer["predictions"]
            self.assert_near(logits, prediction["logits"])
            best = max(range(self.classes), key=prediction["logits"].__getitem__)
            self.assertEqual((3, best), (len(prediction["classes"]), prediction["classes"][0]))
            self.assertEqual(sorted(prediction["scores"], reverse=True), prediction["scores"])

    def test_references_in_one_request_in_order(self):
        _, answer = self.classify([file for file, _ in self.references], logits=True)
        for (_, logits), prediction in zip(self.references, answer["predictions"], strict=True):
            self.assert_near(logits, prediction["logits"])

    def test_scores_are_probabilities_and_logits_come_when_asked(self):
        _, answer = self.classify([self.references[0][0]], top_k=self.classes + 1)
        [prediction] = answer["predictions"]
        self.assertEqual({"classes", "scores"}, set(prediction))
        self.assertEqual(list(range(self.classes)), sorted(prediction["classes"]))
        self.assertAlmostEqual(1, sum(prediction["scores"]), 4)

    def test_an_image_as_the_body(self):
        file, logits = self.references[0]
        status, body = self.server.ask("POST", "/v1/classify?top_k=2&logits=true", file, {"content-type": "image/jpeg"})
        [prediction] = json.loads(body)["predictions"]
        self.assertEqual((200, 2), (status, len(prediction["classes"])))
        self.assert_near(logits, prediction["logits"])

    def upload(self, parts, query="", boundary="b0undary"):
        """:param parts: each a name, a filename or None for a field, and the content."""
        def part(name, filename, content):
            head = f'--{boundary}\r\ncontent-disposition: form-data; name="{name}"'
            kind = f'; filename="{filename}"\r\ncontent-type: image/jpeg' if filename else ""
            return f"{head}{kind}\r\n\r\n".encode() + content + b"\r\n"

        body = b"".join(part(*p) for p in parts) + f"--{boundary}--\r\n".encode()
        status, answer = self.server.ask("POST", f"/v1/classify{query}", body, {"content-type": f"multipart/form-data; boundary={boundary}"})
        return status, json.loads(answer)

    def test_images_uploaded_with_a_form(self):
        files = [("image", f"{i}.jpg", file) for i, (file, _) in enumerate(self.references)]
        for fields, query in (([("top_k", None, b"2"), ("logits", None, b"true")], ""), ([], "?top_k=2&logits=true")):
            status, answer = self.upload([*fields, *files], query)
            self.assertEqual(200, status, answer)
            for (_, logits), prediction in zip(self.references, answer["predictions"], strict=True):
                self.assertEqual(2, len(prediction["classes"]))
                self.assert_near(logits, prediction["logits"])
        for parts, param in (
            ([], "images"),
            ([("image", None, b"a field")], "images"),
            ([("image", "a.jpg", b"no image")], "images"),
            ([("top_k", None, b"x"), *files], "top_k"),
        ):
            self.assert_refused(*self.upload(parts), 400, param)
        self.assert_refused(*self.upload([("model", None, b"gpt"), *files]), 404, "model")
        self.assertEqual(400, self.upload([("image", "a.jpg", b"")] * 65)[0])
        # A form that ends in the middle, and one whose boundary nobody said.
        for kind in ("multipart/form-data; boundary=b", "multipart/form-data"):
            status, _ = self.server.ask("POST", "/v1/classify", b"--b\r\ncontent-dis", {"content-type": kind})
            self.assertEqual(400, status, kind)
        self.assertEqual(200, self.upload(files[:1])[0])

    def test_tensors_in_json_and_as_bytes(self):
        count = 2 * 3 * self.size * self.size
        values = [((i * 7919) % 1000) / 500 - 1 for i in range(count)]
        tensor = {"name": "pixels", "datatype": "FP32", "shape": [2, 3, self.size, self.size]}
        _, plain = self.infer(json.dumps({"inputs": [{**tensor, "data": values}]}), {"content-type": "application/json"})
        [output] = plain["outputs"]
        self.assertEqual(("logits", "FP32", [2, self.classes]), (output["name"], output["datatype"], output["shape"]))
        raw = struct.pack(f"<{count}f", *values)
        head = json.dumps({"inputs": [{**tensor, "parameters": {"binary_data_size": len(raw)}}]}).encode()
        headers = {"content-type": "application/octet-stream", "inference-header-content-length": str(len(head))}
        _, binary = self.infer(head + raw, headers)
        for one, other in zip(output["data"], binary["outputs"][0]["data"], strict=True):
            self.assertAlmostEqual(one, other, 4)
        # The bytes that follow are as many as the input says, and as its shape needs.
        self.assert_refused(*self.infer(head + raw[:-4], headers), 400, "inputs")
        self.assert_refused(*self.infer(head + raw + b"1234", headers), 400, "inputs")
        for size in (len(raw) - 4, 0, True, "many", None):
            wrong = json.dumps({"inputs": [{**tensor, "parameters": {"binary_data_size": size}}]}).encode()
            self.assert_refused(*self.infer(wrong + raw, {**headers, "inference-header-content-length": str(len(wrong))}), 400, "inputs")
        both = json.dumps({"inputs": [{**tensor, "data": values, "parameters": {"binary_data_size": len(raw)}}]}).encode()
        self.assert_refused(*self.infer(both + raw, {**headers, "inference-header-content-length": str(len(both))}), 400, "inputs")
        for length in ("-1", "x", str(len(head + raw) + 1)):
            self.assert_refused(*self.infer(head + raw, {**headers, "inference-header-content-length": length}), 400)
        for wanted in ({"name": "logit"}, {"name": "logits", "parameters": {"binary_data": True}}):
            self.assert_refused(*self.infer(json.dumps({"inputs": [{**tensor, "data": values}], "outputs": [wanted]}), {}), 400, "outputs")
        for wrong in ({"name": "image"}, {"datatype": "UINT8"}, {"shape": [2, 3, 1, 1]}, {"shape": [0, 3, self.size, self.size]}):
            self.assert_refused(*self.infer(json.dumps({"inputs": [{**tensor, "data": values, **wrong}]}), {}), 400, "inputs")
        self.assert_refused(*self.infer("{", {}), 400)

    def test_what_is_no_image_is_refused_and_the_next_is_answered(self):
        good = self.references[0][0]
        for bad in (b"", b"no image", good[: len(good) // 2], good[:4], b"GIF89a" + bytes(40)):
            self.assert_refused(*self.classify([bad]), 400, "images")
            status, _ = self.server.ask("POST", "/v1/classify", bad, {"content-type": "image/jpeg"})
            self.assertEqual(400, status)
        self.assertEqual(200, self.classify([good])[0])

    def test_images_that_would_become_too_large_are_refused(self):
        from io import BytesIO

        from PIL import Image

        for size in ((1, 60_000), (9_000, 9_000)):
            file = BytesIO()
            Image.new("L", size).save(file, "PNG")
            self.assert_refused(*self.classify([file.getvalue()]), 400, "images")

    def test_other_kinds_of_images_are_answered(self):
        from io import BytesIO

        from PIL import Image

        for mode, form in (("CMYK", "JPEG"), ("L", "JPEG"), ("RGBA", "PNG"), ("P", "PNG"), ("I;16", "PNG"), ("RGB", "WEBP")):
            file = BytesIO()
            Image.new(mode, (300, 400)).save(file, form)
            self.assertEqual(200, self.classify([file.getvalue()])[0], (mode, form))

    def test_what_cannot_be_answered_is_refused(self):
        file = base64.b64encode(self.references[0][0]).decode()
        for request, param in (
            ({"images": [file]}, "model"),
            ({"model": self.name}, "images"),
            ({"model": self.name, "images": []}, "images"),
            ({"model": self.name, "images": [5]}, "images"),
            ({"model": self.name, "images": ["*"]}, "images"),
            ({"model": self.name, "images": [file] * 65}, "images"),
            ({"model": self.name, "images": [file], "top_k": 0}, "top_k"),
        ):
            status, body = self.server.ask("POST", "/v1/classify", json.dumps(request))
            self.assert_refused(status, json.loads(body), 400, param)
        self.assert_refused(*self.classify([self.references[0][0]], model="gpt"), 404, "model")
        for query in ("top_k=x", "top_k=0"):
            status, body = self.server.ask("POST", f"/v1/classify?{query}", self.references[0][0], {"content-type": "image/jpeg"})
            self.assert_refused(status, json.loads(body), 400, "top_k")

    def test_images_are_decoded_side_by_side(self):
        """Nothing that belongs to the whole process is changed while an image is decoded: good and bad ones at once are told apart."""
        good, bad = self.references[0][0], self.references[0][0][:300]
        with ThreadPoolExecutor(16) as threads:
            answers = list(threads.map(lambda i: self.classify([bad if i % 2 else good])[0], range(64)))
        self.assertEqual([200, 400] * 32, answers)

    def test_counters_count_images(self):
        before = self.server.counter("server_inferences_total")
        self.classify([self.references[0][0]] * 5)
        self.assertEqual(before + 5, self.server.counter("server_inferences_total"))

    def test_tuned(self):
        server = Server(self.stack, *self.tuned, model=IMAGE_MODEL)
        try:
            _, answer = self.classify([file for file, _ in self.references], server, logits=True)
            for (_, logits), prediction in zip(self.references, answer["predictions"], strict=True):
                self.assert_near(logits, prediction["logits"])
        finally:
            server.stop()


class OnnxRuntimeTests(ImageServerTests, unittest.TestCase):
    stack = "fastapi-onnxruntime"
    modules = ["onnxruntime"]
    tuned = ["--workers=2", "--threads=1", "--concurrency=1", "--group-items=4", "--no-access-log"]


class PyTorchTests(ImageServerTests, unittest.TestCase):
    stack = "fastapi-pytorch"
    modules = ["torch", "torchvision", "safetensors"]
    tuned = ["--workers=2", "--threads=1", "--concurrency=1", "--group-items=4", "--no-access-log"]


class QueueTests(ImageServerTests, unittest.TestCase):
    stack = "fastapi-queue"
    modules = ["onnxruntime"]
    tuned = ["--threads=2", "--max-delay=0", "--no-access-log"]


if __name__ == "__main__":
    unittest.main()
