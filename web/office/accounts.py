"""Accounts (账户): who may sign in, kept by administrators. Nobody changes his own account here."""

from flask import abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from registry.accounts.model import Account, Role
from registry.accounts.store import add, disable, listed, not_himself, reset, state_of, unlock
from web.http.languages import words
from web.office.access import account, allow, pages, register
from web.office.errors import FieldMissing


@pages.get("/accounts")
@allow(Role.ADMIN)
def accounts() -> Answer:
    """Every account with what may be done to it."""
    return _page()


@pages.post("/accounts")
@allow(Role.ADMIN)
def add_account() -> Answer:
    """A new account; its one-time password is on this one answer and nowhere else.

    Raises:
        AccountNameBad, AccountExists: see `registry.accounts.store.add`.
    """
    made, password = add(register(), request.form.get("name", ""), _role("role"), account().actor)
    return _page(made, password)


@pages.post("/accounts/<int:account_id>/reset")
@allow(Role.ADMIN)
def reset_account(account_id: int) -> Answer:
    """A fresh one-time password and, where chosen, another role; brings a disabled account back.

    Raises:
        AccountIsOwn: it is the administrator's own.
    """
    found = _other(account_id)
    role = _role("role") if request.form.get("role") else None
    changed, password = reset(register(), found.name, account().actor, role)
    return _page(changed, password)


@pages.post("/accounts/<int:account_id>/disable")
@allow(Role.ADMIN)
def disable_account(account_id: int) -> Answer:
    """Shut an account and end its sessions.

    Raises:
        AccountIsOwn: it is the administrator's own.
    """
    disable(register(), _other(account_id).name, account().actor)
    return redirect(url_for("office.accounts", done="account_disabled"), 303)


@pages.post("/accounts/<int:account_id>/unlock")
@allow(Role.ADMIN)
def unlock_account(account_id: int) -> Answer:
    """Lift the lock after wrong passwords; the password stays.

    Raises:
        AccountIsOwn: it is the administrator's own.
    """
    unlock(register(), _other(account_id).name, account().actor)
    return redirect(url_for("office.accounts", done="account_unlocked"), 303)


def _page(fresh: Account | None = None, password: str = "") -> Answer:
    people = [(one, state_of(one)) for one in listed(register())]
    page = render_template(
        "office/accounts.html", people=people, roles=list(Role), fresh=fresh, password=password
    )
    return make_response(page)


def _other(account_id: int) -> Account:
    """Somebody else's account."""
    found = next((one for one in listed(register()) if one.id == account_id), None)
    if found is None:
        abort(404)
    not_himself(account(), found.name)
    return found


def _role(name: str) -> Role:
    given = request.form.get(name, "")
    if given not in set(Role):
        raise FieldMissing(field=words("office.fields.role"))
    return Role(given)
