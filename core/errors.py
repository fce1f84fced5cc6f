"""The root of every room's errors: a key into the room's message catalogue plus the data that explains it."""

from typing import ClassVar

from core.message import DEFAULT_LANGUAGE, message
from core.sentences import Sentence, in_language

BAD_INPUT = 1
NOT_READY = 3


class HouseError(Exception):
    """Root of all room errors.

    A subclass sets `room` (whose catalogue holds the text), `key` (the entry below `[errors]`) and, where it is
    not the input's fault, `exit_code`. Keyword arguments become `data`, which fills the text's placeholders.
    """

    room: ClassVar[str] = "core"
    key: ClassVar[str] = "unexpected"
    exit_code: ClassVar[int] = BAD_INPUT

    def __init__(self, **data: object) -> None:
        super().__init__(self.key, data)
        self.data = data

    def __str__(self) -> str:
        return self.diagnostics()

    def __reduce__(self) -> tuple[object, ...]:
        """Errors travel from worker processes with their data."""
        return _restored, (type(self), self.data)

    def diagnostics(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The sentence for people, in Chinese (`zh`) or English (`en`)."""
        return message(self.room, f"errors.{self.key}", lang, **in_language(self.data, lang))

    def sentence(self) -> Sentence:
        """The sentence to be stored, for people of any language."""
        return Sentence.of(self.room, f"errors.{self.key}", **self.data)


def _restored(kind: type[HouseError], data: dict[str, object]) -> HouseError:
    return kind(**data)


class HomeNotReady(HouseError):
    """Raised when the home folder or its settings file cannot be used; data: `path`, `reason`."""

    key = "home_not_ready"
    exit_code = NOT_READY


class HomeMissing(HomeNotReady):
    """Raised when a command that makes no home is given a folder that is none; data: `path`."""

    key = "home_missing"


class NotPossible(HouseError):
    """Raised when the operating system refuses what no room foresaw; data: `path`, `reason`."""

    key = "not_possible"
    exit_code = NOT_READY


class Unforeseen(HouseError):
    """Raised in place of an error of the program itself; data: `what`, `path` of the details."""

    key = "unforeseen"
    exit_code = NOT_READY
