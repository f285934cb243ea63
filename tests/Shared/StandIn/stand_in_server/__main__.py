"""A server that behaves as badly as it is told to: `python3 tests/Shared/StandIn/stand_in_server --help`.

Third-party servers differ in what a tool that deploys them likes to take for granted. This one has their habits as switches, so
that each habit has a test without the server that has it. Standard library only; Linux.
"""

import sys

sys.dont_write_bytecode = True  # the folder is part of a checkout, and what is in it decides fingerprints

import habits
import processes

if __name__ == "__main__":
    processes.run(habits.read(__doc__))
