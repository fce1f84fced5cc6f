"""Settings (设置), read-only: what holds here, where it is changed, who has an account."""

from typing import Final

from flask import render_template

from registry.accounts.model import Role
from registry.accounts.store import listed, state_of
from web.languages import words
from web.office.guard import allow, pages, register
from web.services import services

HIDDEN: Final = frozenset({"database", "rate_storage"})  # may hold a password


@pages.get("/settings")
@allow(Role.ADMIN)
def settings() -> str:
    """Sections with their values, and the accounts."""
    here = services()
    sections = {"registry": here.register.settings, "web": here.settings}
    shown = {
        name: {
            key: words("office.set") if key in HIDDEN and value else value
            for key, value in section.model_dump().items()
        }
        for name, section in sections.items()
    }
    people = [(one, state_of(one)) for one in listed(register())]
    return render_template(
        "office/settings.html", sections=shown, path=here.register.home.config, people=people
    )
