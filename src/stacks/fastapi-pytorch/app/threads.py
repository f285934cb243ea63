"""How many threads PyTorch takes."""
import torch


def use_threads(threads: int) -> None:
    """
    :param threads: of one execution; 0 leaves it to PyTorch and OpenMP, which take every core that they may use.
    """
    if threads:
        torch.set_num_threads(threads)
        torch.set_num_interop_threads(1)
