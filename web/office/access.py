"""Who may open which page of the workspace. A page that names no roles is refused to everybody.

Every form carries a token bound to the session; every answer is kept out of caches.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, TypeVar

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as Answer

from core.errors import NOT_READY, HouseError
from core.message import DEFAULT_LANGUAGE, catalogue
from registry.accounts.model import Account, Role
from registry.accounts.sessions import Lifetime, account_of_session
from registry.register import Register
from web.http.citations import cited
from web.http.languages import current_language, words, words_of
from web.http.wording import beijing
from web.public.page_types import Notice
from web.services import services
from web.settings import WebSettings

PREFIX: Final = "/office"
SESSION_COOKIE: Final = "zc_office"
FORM_COOKIE: Final = "zc_office_form"
CSRF_FIELD: Final = "csrf"
OWN_PAGE: Final = re.compile(r"/office(/[\w.~%/?=&-]*)?", re.ASCII)
EVERYBODY: Final = frozenset(Role)
RECORDS: Final = frozenset({Role.OPERATOR, Role.REVIEWER, Role.ISSUER})
"""Those who work with persons' records."""

View = TypeVar("View", bound=Callable[..., Any])
pages = Blueprint("office", __name__, url_prefix=PREFIX)


def allow(*roles: Role | frozenset[Role]) -> Callable[[View], View]:
    """Open a page to these roles; without any, to visitors who are not signed in."""
    wanted = frozenset(one for given in roles for one in ({given} if isinstance(given, Role) else given))

    def decorate(view: View) -> View:
        view.allowed = wanted  # type: ignore[attr-defined]
        return view

    return decorate


def allowed_roles(view: Callable[..., Any]) -> frozenset[Role] | None:
    """The roles that a page names; empty when it is open, None when it names nobody."""
    found: frozenset[Role] | None = getattr(view, "allowed", None)
    return found


def register() -> Register:
    """The register of this site."""
    return services().register


def account() -> Account:
    """Who is signed in."""
    found: Account = g.account
    return found


def may(*roles: Role) -> bool:
    """Whether the signed-in person has one of these roles."""
    return account().role in roles


def lifetime(settings: WebSettings) -> Lifetime:
    """How long sessions last here."""
    return Lifetime(timedelta(minutes=settings.office_idle_minutes), timedelta(hours=settings.office_hours))


def csrf_token() -> str:
    """The token of forms on this page: bound to the session, or to the visitor's form cookie before sign-in."""
    secret = request.cookies.get(SESSION_COOKIE) if "account" in g else form_secret()
    return hmac.digest((secret or "").encode(), b"zhicheng form", hashlib.sha256).hex()


def form_secret() -> str:
    """What the sign-in form's token is bound to: a cookie of its own, made on first sight."""
    if "form_secret" not in g:
        g.form_secret = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe()
    return str(g.form_secret)


def safe_next(wanted: str | None) -> str:
    """A page of this workspace to go on to; the overview instead of anything else."""
    bad = ("//", "..", "/login")
    good = wanted and OWN_PAGE.fullmatch(wanted) and not any(part in wanted for part in bad)
    return wanted if good and wanted else url_for("office.overview")


def set_cookie(response: Answer, name: str, value: str) -> None:
    """A cookie for the workspace alone, out of reach of scripts, gone with the browser."""
    secure = services().settings.https or request.is_secure
    response.set_cookie(name, value, path=PREFIX, httponly=True, samesite="Lax", secure=secure)


def refusal(key: str, status: int, tone: str = "warn") -> Response:
    """A page that says why not; texts are `office.refused.KEY.title/text` of the catalogue."""
    title = words(f"office.refused.{key}.title")
    text = words(f"office.refused.{key}.text")
    return notice(title, text, status, tone)


def notice(title: str, text: str, status: int, tone: str = "warn") -> Response:
    """A page with one message and the way back."""
    page = Notice(tone="bad" if tone == "bad" else "warn", title=title, text=text)
    body = render_template("office/message.html", notice=page, back=_back())
    return make_response(body, status)


def _back() -> str:
    """The page that the form was on, if it was one of ours."""
    origin, _, path = (request.referrer or "").partition(request.host_url.rstrip("/"))
    return safe_next(path) if not origin and path else url_for("office.overview")


@pages.before_request
def _guard() -> Answer | None:
    roles = allowed_roles(current_app.view_functions[request.endpoint or ""])
    if roles is None:
        return refusal("role", 403)
    if roles:
        answer = _signed_in(roles)
        if answer is not None:
            return answer
    if request.method == "POST" and not _token_fits():
        return refusal("csrf", 403)
    return None


def _signed_in(roles: frozenset[Role]) -> Answer | None:
    here = services()
    token = request.cookies.get(SESSION_COOKIE, "")
    found = account_of_session(here.register, token, lifetime(here.settings)) if token else None
    if found is None:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        ended = 1 if token or request.method == "POST" else None
        return redirect(url_for("office.login", next=wanted, ended=ended), 303)
    g.account = found
    if found.must_change and request.endpoint not in ("office.password", "office.logout"):
        return redirect(url_for("office.password"), 303)
    if found.role not in roles:
        return refusal("role", 403)
    return None


def _token_fits() -> bool:
    if request.endpoint in ("office.upload", "office.change"):
        request.max_content_length = services().settings.max_workbook_bytes
    return hmac.compare_digest(request.form.get(CSRF_FIELD, "").encode(), csrf_token().encode())


@pages.after_request
def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    if "form_secret" in g and request.cookies.get(FORM_COOKIE) != g.form_secret:
        set_cookie(response, FORM_COOKIE, g.form_secret)
    return response


@pages.errorhandler(HouseError)
def _explained(error: HouseError) -> Response:
    """What a room refuses becomes a page with its sentence."""
    status = 503 if error.exit_code == NOT_READY else 422
    return notice(words("office.refused.error.title"), error.diagnostics(current_language()), status, "bad")


pages.add_app_template_filter(cited, "cited")


@pages.app_template_filter("beijing")
def _beijing(stamp: str) -> str:
    return beijing(stamp)


@pages.context_processor
def _variables() -> dict[str, object]:
    """What every page of the workspace may use."""
    done = f"office.done.{request.args.get('done', '')}"
    return {
        "me": g.get("account"),
        "my_role": words_of("registry", f"roles.{g.account.role}") if "account" in g else "",
        "csrf": csrf_token,
        "may": lambda *names: "account" in g and str(g.account.role) in names,
        "done": words(done) if done in catalogue("web", DEFAULT_LANGUAGE) else "",
    }
