"""Signing and checking, as ratios in one run: `python bench/signatures.py` (see `bench/peers/signatures_bench.py`)."""

import sys
from importlib import import_module
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # scripts beside this one are named like the rooms

if __name__ == "__main__":
    sys.exit(import_module("bench.peers.signatures_bench").run())
