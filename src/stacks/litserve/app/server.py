"""LitServe with ONNX Runtime: texts to embeddings or images to classes, by what the model does."""
import argparse

import litserve as ls
from fastapi import HTTPException
from model_server.model import ModelFolder
from model_server.plain import Refusal, answer, embeddings_answer, load, texts_of


class Embeddings(ls.LitAPI):
    def __init__(self, folder: str, threads: int, **options):
        super().__init__(**options)
        self._folder, self._threads = folder, threads
        self._batches = options.get("max_batch_size", 1) > 1

    def setup(self, device):
        self._served = load(self._folder, self._threads)

    def decode_request(self, request):
        try:
            return texts_of(request.get("input") if isinstance(request, dict) else None)
        except Refusal as error:
            raise HTTPException(400, str(error)) from None

    def batch(self, inputs):
        return list(inputs)

    def predict(self, inputs):
        """The rows of one request; of several, where requests are batched, those of each."""
        return self._served.embed_all(inputs) if self._batches else self._served.embed(inputs)

    def unbatch(self, output):
        return output

    def encode_response(self, output):
        return embeddings_answer(self._served.name, output)


class Classes(ls.LitAPI):
    """Images are decoded where they are executed, so that requests are not batched."""

    def __init__(self, folder: str, threads: int, **options):
        super().__init__(**options)
        self._folder, self._threads = folder, threads

    def setup(self, device):
        self._served = load(self._folder, self._threads)

    def decode_request(self, request):
        return request

    def predict(self, body):
        try:
            return answer(self._served, body)
        except Refusal as error:
            raise HTTPException(400, str(error)) from None

    def encode_response(self, output):
        return output


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, help="folder of the prepared model")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--threads", type=int, default=0, help="of one execution; 0: the runtime decides")
    parser.add_argument("--max-batch-size", type=int, default=1)
    parser.add_argument("--batch-timeout", type=float, default=0.0, help="seconds")
    parser.add_argument("--quiet", action="store_true", help="no line of log for each request")
    given = parser.parse_args()
    if ModelFolder.read(given.model).embeds:
        batching = {"max_batch_size": given.max_batch_size, "batch_timeout": given.batch_timeout} if given.max_batch_size > 1 else {}
        api = Embeddings(given.model, given.threads, api_path="/v1/embeddings", **batching)
    else:
        api = Classes(given.model, given.threads, api_path="/v1/classify")
    server = ls.LitServer(api, accelerator="cpu", devices=1, workers_per_device=1, timeout=60)
    server.run(host=given.host, port=given.port, num_api_servers=1, generate_client_file=False, log_level="warning" if given.quiet else "info")


if __name__ == "__main__":  # workers are spawned, and import this file again
    main()
