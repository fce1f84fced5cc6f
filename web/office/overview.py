"""The first page: what waits, what is under way, what needs attention."""

from flask import render_template

from web.office.guard import EVERYBODY, allow, pages


@pages.get("/")
@allow(EVERYBODY)
def overview() -> str:
    """Open work for the signed-in person, counts, keys, the log."""
    return render_template("office/overview.html")
