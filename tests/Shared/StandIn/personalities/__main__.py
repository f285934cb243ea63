"""A server that behaves as one of another maker does: `python3 tests/Shared/StandIn/personalities --personality=triton ...`.

It speaks that server's protocol, is ready as it is, refuses as it does, counts what it counts and ends as it ends, by its documentation and
by what was recorded of it. What it answers is right: this repository's own server computes it, as a child. One file for each server;
`server.py` has what they share. Standard library only; Linux.
"""

import sys

sys.dont_write_bytecode = True  # the folder is part of a checkout, and what is in it decides fingerprints

import launching

if __name__ == "__main__":
    launching.run(__doc__)
