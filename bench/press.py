"""Signed certificates per second: `python bench/press.py` (see `bench/peers/press_bench.py`)."""

import sys
from importlib import import_module
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # scripts beside this one are named like the rooms

if __name__ == "__main__":
    sys.exit(import_module("bench.peers.press_bench").run())
