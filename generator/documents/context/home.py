"""What a home folder changes while documents are made: its policy, its working-day calendar, its own fonts."""

from collections.abc import Iterator
from contextlib import contextmanager

from core.settings import Home
from generator.layout.text.fonts import FontBook
from records.input.checking import CALENDAR_FOLDER, POLICY_FOLDER
from records.regulation.calendar import home_calendar
from records.regulation.policy import home_policy


@contextmanager
def home_rules(home: Home | None) -> Iterator[None]:
    """Within the block the home's `calendar/` and `policy/` count, as they do when its batches are checked.

    Raises:
        PolicyUnreadable: a policy file of the home is broken.
    """
    if home is None:
        yield
        return
    with home_calendar(home.root / CALENDAR_FOLDER), home_policy(home.root / POLICY_FOLDER):
        yield


def fonts_of(home: Home | None) -> FontBook:
    """The built-in fonts, those of the home's `templates/fonts/` in their places."""
    own = home is not None and (home.templates / "fonts").is_dir()
    return FontBook.default(home.templates if home and own else None)
