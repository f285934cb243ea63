"""A model class on KServe's Python server with ONNX Runtime: texts to embeddings, in the first and the second protocol."""
import argparse
import asyncio
from concurrent.futures import ThreadPoolExecutor

from kserve import InferOutput, InferRequest, InferResponse, Model, ModelServer
from kserve.errors import InvalidInput
from kserve.utils.utils import generate_uuid
from model_server.plain import Refusal, Texts, load, texts_of


class Embeddings(Model):
    def __init__(self, folder: str, threads: int, at_once: int):
        self._folder, self._threads = folder, threads
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="inference")
        self._served: Texts = load(folder, threads)
        super().__init__(self._served.name)
        self.ready = True

    async def predict(self, payload, headers=None, response_headers=None):
        """Asynchronous, so that health is answered meanwhile: a synchronous one blocks the event loop."""
        try:
            texts = texts_of(self._texts(payload))
        except Refusal as error:
            raise InvalidInput(str(error)) from None
        rows = await asyncio.get_running_loop().run_in_executor(self._pool, self._served.embed, texts)
        if not isinstance(payload, InferRequest):
            return {"predictions": rows.tolist()}
        output = InferOutput("embedding", list(rows.shape), "FP32")
        output.set_data_from_numpy(rows, binary_data=False)
        # A request without an id must be given one: the server cannot answer without.
        return InferResponse(payload.id or generate_uuid(), self.name, [output])

    @staticmethod
    def _texts(payload):
        if not isinstance(payload, InferRequest):
            return payload.get("instances")
        values = payload.inputs[0].as_numpy().reshape(-1).tolist()
        return [value.decode("utf-8") if isinstance(value, bytes) else value for value in values]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, help="folder of the prepared model")
    parser.add_argument("--threads", type=int, default=0, help="of one execution; 0: the runtime decides")
    parser.add_argument("--at-once", type=int, default=8, help="executions at once")
    parser.add_argument("--quiet", action="store_true", help="no line of log for each request")
    # KServe reads its own options of the same command line when it is imported.
    given, _ = parser.parse_known_args()
    model = Embeddings(given.model, given.threads, given.at_once)
    quiet = {"access_log_format": None, "enable_latency_logging": False} if given.quiet else {}
    ModelServer(**quiet).start([model])


if __name__ == "__main__":
    main()
