"""Seals (印章): the red round seal drawn as outlines, or an operator's own SVG or PNG; no fonts, no transparency."""

from signing.seal.picture import seal_from_file
from signing.seal.round import round_seal
from signing.seal.shapes import Seal

__all__ = ["Seal", "round_seal", "seal_from_file"]
