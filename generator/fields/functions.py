"""What a template may call about its subject, beside the fields: `cite`, the law on the day of the document's act."""

from collections.abc import Callable
from typing import Any, Final

from generator.catalogue import DocumentEntry
from generator.context.law import Citer, law
from generator.context.moments import act_day, moment_of
from generator.context.subjects import Subject

FUNCTIONS: Final = ("cite",)


def functions(entry: DocumentEntry, subject: Subject) -> dict[str, Callable[..., Any]]:
    """The functions of one document about one subject.

    Raises:
        LawUnreadable: a `law.toml` of own templates is defective.
    """
    day = act_day(moment_of(entry.stage, entry.moment), subject)
    return {"cite": Citer(law(), day)}
