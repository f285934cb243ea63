"""MLServer's runtime with ONNX Runtime: texts to embeddings. The texts of a batch come as one request."""
import os
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER))
os.environ.setdefault("CHARACTERS", str(FOLDER / "characters.txt"))

from mlserver import MLModel  # noqa: E402
from mlserver.codecs import NumpyCodec, StringCodec  # noqa: E402
from mlserver.errors import InferenceError  # noqa: E402
from mlserver.types import InferenceRequest, InferenceResponse  # noqa: E402
from model_server.plain import Refusal, load, texts_of  # noqa: E402


class Embeddings(MLModel):
    async def load(self) -> bool:
        extra = (self.settings.parameters.extra if self.settings.parameters else None) or {}
        self._served = load(os.environ["MODEL_FOLDER"], int(extra.get("threads", 0)))
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        try:
            texts = texts_of(StringCodec.decode_input(payload.inputs[0]))
        except Refusal as error:
            raise InferenceError(str(error)) from None
        rows = self._served.embed(texts)
        return InferenceResponse(model_name=self.name, outputs=[NumpyCodec.encode_output("embedding", rows)])
