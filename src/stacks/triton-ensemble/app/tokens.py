"""Texts to tokens in Triton's Python backend; the backend brings triton_python_backend_utils and numpy."""
import json
import sys
from pathlib import Path

import numpy as np
import triton_python_backend_utils as pb_utils

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER))

from model_server.embedding.characters import CharacterTable  # noqa: E402
from model_server.embedding.padding import pad  # noqa: E402
from model_server.embedding.wordpiece import WordPieceTokenizer  # noqa: E402


class TritonPythonModel:
    def initialize(self, args):
        parameters = json.loads(args["model_config"])["parameters"]
        maximum = int(parameters["maximum_tokens"]["string_value"])
        self._step = int(parameters["length_step"]["string_value"])
        self._tokenizer = WordPieceTokenizer.load(FOLDER / "vocab.txt", CharacterTable.load(FOLDER / "characters.txt"), maximum)
        self._maximum = maximum

    def execute(self, requests):
        """One answer for each request; the texts of one are padded to the longest of them."""
        return [self._answer(request) for request in requests]

    def _answer(self, request):
        texts = pb_utils.get_input_tensor_by_name(request, "text").as_numpy().reshape(-1)
        try:
            sequences = [self._tokenizer.encode(text.decode("utf-8")) for text in texts]
        except UnicodeDecodeError as error:
            return pb_utils.InferenceResponse(error=pb_utils.TritonError(f"a text is no UTF-8: {error}", pb_utils.TritonError.INVALID_ARG))
        ids, mask = pad(sequences, self._tokenizer.pad)
        # Only requests of equal shape share an execution: longer padding makes more of them equal.
        more = min(-(-ids.shape[1] // self._step) * self._step, max(self._maximum, ids.shape[1])) - ids.shape[1]
        ids = np.pad(ids, ((0, 0), (0, more)), constant_values=self._tokenizer.pad)
        mask = np.pad(mask, ((0, 0), (0, more)))
        return pb_utils.InferenceResponse([pb_utils.Tensor("input_ids", ids), pb_utils.Tensor("attention_mask", mask)])
