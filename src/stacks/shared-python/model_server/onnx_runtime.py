"""The model's graph in ONNX Runtime."""
from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime


class OnnxRuntime:
    library = ("ONNX Runtime", onnxruntime.__version__)

    def __init__(self, file: Path, threads: int = 0, device: str = "cpu"):
        """
        :param threads: of one execution; 0 leaves ONNX Runtime's defaults, which take every physical core that it finds.
        """
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # On processors without VNNI, products of int8 weights saturate and the answers are wrong; the runtime can avoid that.
        options.add_session_config_entry("session.x64quantprecision", "1")
        if threads:
            options.intra_op_num_threads = threads
            # The graph is a chain: there is nothing that could run beside it.
            options.inter_op_num_threads = 1
            options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
            # Waiting threads that spin take the core from the network and from what prepares inputs where all share a few cores.
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        provider = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}[device]
        self._session = onnxruntime.InferenceSession(str(file), options, providers=list(dict.fromkeys((provider, "CPUExecutionProvider"))))
        # ONNX Runtime falls back to the CPU with a warning; nobody wants to find that out from the latency.
        if self._session.get_providers()[0] != provider:
            raise RuntimeError(f"ONNX Runtime cannot use {provider}; it has {onnxruntime.get_available_providers()}")
        self._outputs = [self._session.get_outputs()[0].name]

    def run(self, inputs: dict[str, np.ndarray]) -> np.ndarray:
        return self._session.run(self._outputs, inputs)[0]
