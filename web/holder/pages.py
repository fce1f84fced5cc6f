"""The holder's pages: sign in, list, one certificate, its files and copies. Every answer stays out of caches."""

import tempfile
from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, Final, TypeVar

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as Answer

from registry.applications.archive import scan_file, scan_of
from registry.certificates.annotated_copies import annotate, revoke_copy
from registry.errors import CopiesExhausted, CopyPeriodWrong, ImpossibleMove, RegistryError
from registry.log.events import Actor
from registry.model import Certificate, Copy
from web.holder import view
from web.holder.picture import picture_of
from web.holder.session import Session, begin, current, end, keep, session_key
from web.holder.sign_in import admit
from web.http.forms_csrf import FIELD, form_token, token_fits
from web.http.languages import words
from web.http.limits import limiter, query_limit, upload_limit
from web.http.problems import as_page
from web.services import services

pages = Blueprint("holder", __name__, url_prefix="/holder")
HOLDER: Final = Actor("持证人", channel="site", account="holder")
MAX_PURPOSE: Final = 40
View = TypeVar("View", bound=Callable[..., Any])


def signed_in(view_function: View) -> View:
    """Only with a session; a form also needs its token. Others are sent to the sign-in page."""

    @wraps(view_function)
    def guarded(*arguments: Any, **more: Any) -> Any:
        session = current()
        if session is None:
            return redirect(url_for("holder.login", ended=1 if request.cookies else None), 303)
        g.holder = session
        key = session_key(services().register)
        if request.method == "POST" and not token_fits(key, session.nonce, request.form.get(FIELD, "")):
            return as_page("holder_form", 403)
        return view_function(*arguments, **more)

    return guarded  # type: ignore[return-value]


@pages.get("/login")
def login() -> Answer:
    """The sign-in form."""
    if current() is not None:
        return redirect(url_for("holder.overview"), 303)
    return make_response(render_template("holder/login.html", refused=False, ended="ended" in request.args))


@pages.post("/login")
@limiter.limit(query_limit)
def login_send() -> Answer:
    """Sign in; whatever did not fit, the answer is the same."""
    given = {key: request.form.get(key, "").strip()[:60] for key in ("name", "id_number", "pickup")}
    admitted = admit(services().register, given["name"], given["id_number"], given["pickup"])
    if admitted is None:
        return make_response(render_template("holder/login.html", refused=True, ended=False), 401)
    response = redirect(url_for("holder.overview"), 303)
    g.holder = begin(*admitted)
    return response


@pages.post("/logout")
@signed_in
def logout() -> Answer:
    """Sign out."""
    del g.holder
    response = redirect(url_for("public.home"), 303)
    end(response)
    return response


@pages.get("/")
@signed_in
def overview() -> str:
    """All certificates of the person."""
    found = _certificates()
    cards = [view.card(one, place) for place, one in enumerate(found, 1)]
    return render_template("holder/overview.html", cards=cards, name=found[0].facts.name)


@pages.get("/certificates/<int:place>")
@signed_in
def certificate(place: int) -> str:
    """One certificate with its history and copies."""
    return _page(place)


@pages.get("/certificates/<int:place>/certificate.pdf")
@signed_in
def download(place: int) -> Response:
    """The file exactly as it was issued."""
    found = _certificate(place)
    data = services().register.file_of(found)
    return _file(data, "application/pdf", f"{found.number}.pdf")


@pages.get("/certificates/<int:place>/form.pdf")
@signed_in
def archived_form(place: int) -> Response:
    """The scanned evaluation form as it is kept in the electronic archive (细则第五十八条)."""
    found = _certificate(place)
    scan = scan_of(services().register, found) or abort(404)
    return _file(scan_file(services().register, scan), "application/pdf", f"{found.number}-form.pdf")


@pages.get("/inquiries")
@signed_in
def inquiries() -> str:
    """Which organisations looked the holder up."""
    found = view.looked_up(services().register, _certificate(1))
    return render_template(
        "holder/inquiries.html", found=found, days=services().register.settings.inquiry_days
    )


@pages.get("/certificates/<int:place>/picture.png")
@limiter.limit(upload_limit)
@signed_in
def picture(place: int) -> Response:
    """The certificate as a picture."""
    found = _certificate(place)
    data = picture_of(services().register.file_of(found))
    return _file(data, "image/png", f"{found.number}.png")


@pages.post("/certificates/<int:place>/copies")
@limiter.limit(upload_limit)
@signed_in
def make_copy(place: int) -> Answer:
    """Make an annotated copy for one purpose."""
    found = _certificate(place)
    purpose = " ".join(request.form.get("purpose", "").split())
    try:
        last = date.fromisoformat(request.form.get("expires_on", ""))
    except ValueError:
        return _again(place, "date", purpose)
    if not purpose or len(purpose) > MAX_PURPOSE or not purpose.isprintable():
        return _again(place, "purpose", purpose)
    with (
        tempfile.TemporaryDirectory() as folder
    ):  # the store keeps the file; this place is only for the command
        try:
            annotate(services().register, found.number, purpose, Path(folder), actor=HOLDER, expires_on=last)
        except CopyPeriodWrong:
            return _again(place, "date", purpose)
        except CopiesExhausted:
            return _again(place, "many", purpose)
        except ImpossibleMove:
            return _again(place, "state", purpose)
        except RegistryError:
            return _again(place, "failed", purpose)
    return redirect(url_for("holder.certificate", place=place, _anchor="copies"), 303)


@pages.get("/certificates/<int:place>/copies/<int:copy>.pdf")
@signed_in
def download_copy(place: int, copy: int) -> Response:
    """The file of an annotated copy."""
    found = _copy(place, copy)
    data = services().register.storage.get(found.sha256)
    return _file(data, "application/pdf", f"{found.certificate.number}-{copy}.pdf")


@pages.post("/certificates/<int:place>/copies/<int:copy>/revoke")
@signed_in
def withdraw_copy(place: int, copy: int) -> Answer:
    """Withdraw a copy at once; a second press does no harm."""
    revoke_copy(services().register, _copy(place, copy).code, HOLDER)
    return redirect(url_for("holder.certificate", place=place, _anchor="copies"), 303)


def _page(place: int, problem: str = "", purpose: str = "") -> str:
    shown = view.page(services().register, _certificate(place), place)
    return render_template("holder/certificate.html", page=shown, problem=problem, purpose=purpose)


def _again(place: int, problem: str, purpose: str) -> Answer:
    text = words(f"holder.refused.{problem}")
    return make_response(_page(place, text, purpose[:MAX_PURPOSE]), 422)


def _certificates() -> list[Certificate]:
    session: Session = g.holder
    found = services().register.lookup.by_ids(session.certificates)
    return [found[one] for one in session.certificates if one in found]


def _certificate(place: int) -> Certificate:
    session: Session = g.holder
    if not 1 <= place <= len(session.certificates):
        abort(404)
    found = services().register.lookup.by_id(session.certificates[place - 1])
    return found or abort(404)


def _copy(place: int, copy: int) -> Copy:
    found = services().register.lookup.copies_of(_certificate(place))
    if not 1 <= copy <= len(found):
        abort(404)
    return found[copy - 1]


def _file(data: bytes, kind: str, name: str) -> Response:
    response = Response(data, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@pages.after_request
def _private(response: Response) -> Response:
    """Nothing of a holder stays in a cache; each use starts the twenty minutes anew."""
    response.headers["Cache-Control"] = "no-store"
    session: Session | None = g.get("holder")
    if session is not None:
        keep(response, session)
    return response


@pages.context_processor
def _variables() -> dict[str, object]:
    session: Session | None = g.get("holder")
    token = form_token(session_key(services().register), session.nonce) if session else ""
    provider = current_app.extensions.get("zhicheng_oidc")
    return {
        "csrf": token,
        "session_open": session is not None,
        "provider": provider.settings.label if provider else "",
    }
