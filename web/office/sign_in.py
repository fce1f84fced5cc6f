"""Signing in and out, and what everybody sets for himself: password and two-step sign-in."""

from typing import Any

import qrcode
from flask import g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from registry.accounts import totp
from registry.accounts.errors import AccountError, CodeWrong, SignInRefused
from registry.accounts.sessions import account_of_session, open_session, sign_in, sign_out
from registry.accounts.store import change_password, switch_totp_off, switch_totp_on
from web.http.languages import current_language, words
from web.http.limits import limiter, sign_in_limit
from web.office.access import (
    EVERYBODY,
    PREFIX,
    SESSION_COOKIE,
    account,
    allow,
    lifetime,
    pages,
    register,
    safe_next,
    set_cookie,
)
from web.services import services


@pages.get("/login")
@allow()
def login() -> Answer:
    """The sign-in form; people who are signed in already go on."""
    token = request.cookies.get(SESSION_COOKIE, "")
    wanted = safe_next(request.args.get("next"))
    if token and account_of_session(register(), token, lifetime(services().settings)):
        return redirect(wanted, 303)
    return make_response(render_template("office/login.html", wanted=wanted, ended="ended" in request.args))


@pages.post("/login")
@limiter.limit(sign_in_limit)
@allow()
def login_send() -> Answer:
    """Sign in: a fresh session each time, whatever cookie the browser brought."""
    form = request.form
    wanted = safe_next(form.get("next"))
    try:
        _, token = sign_in(register(), form.get("name", ""), form.get("password", ""), form.get("code", ""))
    except SignInRefused as refused:
        page = render_template(
            "office/login.html", wanted=wanted, problem=refused.diagnostics(current_language())
        )
        return make_response(page, 401)
    _end_old_session()
    response = redirect(wanted, 303)
    set_cookie(response, SESSION_COOKIE, token)
    return response


@pages.post("/logout")
@allow(EVERYBODY)
def logout() -> Answer:
    """End this session."""
    _end_old_session()
    response = redirect(url_for("office.login"), 303)
    response.delete_cookie(SESSION_COOKIE, path=PREFIX)
    return response


@pages.route("/account/password", methods=["GET", "POST"])
@allow(EVERYBODY)
def password() -> Answer:
    """Change the password; required before anything else after a one-time password."""
    problem = None
    if request.method == "POST":
        form = request.form
        new = form.get("new", "")
        if new != form.get("again", ""):
            problem = words("office.password.differ")
        else:
            try:
                change_password(register(), account(), form.get("old", ""), new)
            except AccountError as refused:
                wrong = isinstance(refused, SignInRefused)
                problem = words("office.password.wrong") if wrong else refused.diagnostics(current_language())
            else:
                response = redirect(url_for("office.overview", done="password"), 303)
                set_cookie(response, SESSION_COOKIE, open_session(register(), account()))
                return response
    page = render_template("office/password.html", problem=problem, first=account().must_change)
    return make_response(page, 422 if problem else 200)


@pages.get("/account")
@allow(EVERYBODY)
def own_account() -> str:
    """What the signed-in person can set."""
    return render_template("office/account.html")


@pages.get("/account/code")
@allow(EVERYBODY)
def code() -> str:
    """Switch two-step sign-in on: a QR code for the phone."""
    return _code_page(totp.new_secret())


@pages.post("/account/code")
@allow(EVERYBODY)
def code_send() -> Answer:
    """Switch it on, once the phone has shown a right code."""
    secret = bytes.fromhex(_hex(request.form.get("secret", "")))
    try:
        switch_totp_on(register(), account(), secret, request.form.get("code", ""))
    except CodeWrong as wrong:
        return make_response(_code_page(secret, wrong.diagnostics(current_language())), 422)
    return redirect(url_for("office.own_account", done="totp_on"), 303)


@pages.post("/account/code/off")
@allow(EVERYBODY)
def code_off() -> Answer:
    """Switch two-step sign-in off; asks for the password."""
    try:
        switch_totp_off(register(), account(), request.form.get("password", ""))
    except SignInRefused:
        page = render_template("office/account.html", problem=words("office.password.kept"))
        return make_response(page, 422)
    return redirect(url_for("office.own_account", done="totp_off"), 303)


def _code_page(secret: bytes, problem: str | None = None) -> str:
    uri = totp.provisioning_uri(secret, account().name, services().settings.name)
    matrix: list[list[bool]] = _matrix(uri)
    cells = [(x, y) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark]
    return render_template(
        "office/code.html",
        secret=secret.hex(),
        shown=totp.shown_secret(secret),
        size=len(matrix),
        path="".join(f"M{x} {y}h1v1h-1z" for x, y in cells),
        problem=problem,
    )


def _matrix(text: str) -> Any:
    code = qrcode.QRCode(border=4)
    code.add_data(text)
    return code.get_matrix()


def _hex(given: str) -> str:
    """The secret as sent back by the form; anything else counts as an empty one."""
    right = len(given) == 2 * totp.SECRET_BYTES and all(one in "0123456789abcdef" for one in given)
    return given if right else "00" * totp.SECRET_BYTES


def _end_old_session() -> None:
    token = request.cookies.get(SESSION_COOKIE, "")
    if token:
        sign_out(register(), token)
    g.pop("account", None)
