"""FastAPI with ONNX Runtime."""
from fastapi import FastAPI
from model_server.application import application
from model_server.launch import launch
from model_server.model import ModelFolder
from model_server.onnx_runtime import OnnxRuntime
from model_server.threaded import ThreadedSettings, threaded


def create_app() -> FastAPI:
    settings = ThreadedSettings.from_environment()
    model = ModelFolder.read(settings.model)
    return application(
        settings, model, lambda pipeline: threaded(settings, pipeline, lambda: OnnxRuntime(model.onnx_file, settings.threads, settings.device)))


if __name__ == "__main__":
    launch(__file__, ThreadedSettings)
