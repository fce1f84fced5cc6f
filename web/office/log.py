"""The log's head (日志头): what was signed last, how anybody checks it, where a certificate stands in the log."""

from typing import Final

from flask import Response, abort, render_template, request

from registry.errors import LogEntryUnknown
from registry.log.tree_heads import InclusionProof, heads, prove_inclusion
from web.office.access import EVERYBODY, allow, pages, register
from web.office.audit import kind_name
from web.services import services

SHOWN: Final = 10
MAX_NUMBER: Final = 40


@pages.get("/log")
@allow(EVERYBODY)
def log_head() -> str:
    """The newest signed heads, and for a certificate its events with the proof that each is in the log."""
    number = request.args.get("number", "").strip().upper()[:MAX_NUMBER]
    found = register().lookup.by_number(number) if number else None
    signed = heads(register())
    newest = signed[-1] if signed else None
    events = register().lookup.events_of(found) if found else ()
    proofs = [(event, _proof(event.position, newest.size if newest else 0)) for event in events]
    return render_template(
        "office/log.html",
        newest=newest,
        earlier=signed[-2 : -SHOWN - 1 : -1],
        number=number,
        found=found,
        proofs=proofs,
        kind_name=kind_name,
        keyset=services().authority.service.kid,
    )


@pages.get("/log/head.jwt")
@allow(EVERYBODY)
def log_head_file() -> Response:
    """The newest signed head as a file."""
    signed = heads(register())
    if not signed:
        abort(404)
    response = Response(signed[-1].token, mimetype="application/jwt")
    name = f"log-head-{signed[-1].size}.jwt"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _proof(position: int, size: int) -> InclusionProof | None:
    """The proof in the tree of that size; None for an entry that is younger than its head."""
    try:
        return prove_inclusion(register(), position, size) if position < size else None
    except LogEntryUnknown:
        return None
