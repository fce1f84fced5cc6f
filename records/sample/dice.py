"""Seeded choices, and the invented material that they choose from."""

from collections.abc import Sequence
from functools import cache
from random import Random
from typing import Any, TypeVar

from records.codes.tables import load

T = TypeVar("T")


class Dice(Random):
    """A seeded generator with the few throws that the sample needs."""

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """`count` items in a random order; items repeat only when there are too few."""
        found: list[T] = []
        while len(found) < count:
            found += self.sample(items, min(count - len(found), len(items)))
        return found

    def chance(self, probability: float) -> bool:
        """True with that probability."""
        return self.random() < probability

    def month(self, year: int, first: int = 1, last: int = 12) -> tuple[int, int]:
        """A month of that year."""
        return year, self.randint(first, last)


@cache
def material() -> dict[str, Any]:
    """Professions, schools and committee specialties."""
    return load("sample/professions")


@cache
def names() -> dict[str, Any]:
    """Family and given names, Han and Mongol."""
    return load("sample/names")


@cache
def professions() -> dict[str, dict[str, Any]]:
    """The professions by key."""
    return {item["key"]: item for item in material()["professions"]}
