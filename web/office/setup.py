"""Settings (设置) and policy (政策): what holds here, what may be changed in the page, what only in a file."""

from datetime import date
from typing import Final

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from core.settings import Section
from records.codes import leagues
from registry.accounts.model import Role
from registry.clock import local_day, now
from registry.recognition.settings import RecognitionSettings
from registry.settings import RegistrySettings
from registry.workspace.home_settings import OFFICE_FIXED, Setting, SettingFixed, change_setting, settings_of
from registry.workspace.policy_layer import FIELDS, Notice, is_own, layers_of, remove_notice, write_notice
from web.http.languages import words
from web.office.access import account, allow, pages, register
from web.office.errors import FieldMissing
from web.services import services
from web.settings import WebSettings

SECTIONS: Final[dict[str, type[Section]]] = {
    "registry": RegistrySettings,
    "web": WebSettings,
    "recognition": RecognitionSettings,
}
HIDDEN: Final = frozenset({"database", "rate_storage", "proxy"})  # may hold a password
MAX_VALUE: Final = 300


@pages.get("/settings")
@allow(Role.ADMIN)
def settings() -> str:
    """Every setting, section by section: a form where the page may change it, else the line of the file."""
    here = register()
    shown = {name: settings_of(here, name, model) for name, model in SECTIONS.items()}
    waiting = [one for group in shown.values() for one in group if _waits(one)]
    return render_template(
        "office/settings.html",
        sections=shown,
        path=here.home.config,
        waiting=waiting,
        hidden=HIDDEN,
        fixed=OFFICE_FIXED,
        section_name=lambda name: words(f"office.setting_sections.{name}"),
        setting_name=lambda place: words(f"office.setting_names.{place}"),
        setting_note=lambda place: words(f"office.setting_notes.{place}"),
    )


@pages.post("/settings")
@allow(Role.ADMIN)
def change_one_setting() -> Answer:
    """Write one setting into the home's file.

    Raises:
        SettingFixed, SettingOutranked, SettingRefused: it may not be changed here, or not to that.
    """
    section, _, key = request.form.get("place", "").partition(".")
    if section not in SECTIONS or key in OFFICE_FIXED:
        raise SettingFixed(place=f"{section}.{key}")
    text = request.form.get("value", "")[:MAX_VALUE]
    change_setting(register(), section, SECTIONS[section], key, text, account().actor)
    return redirect(url_for("office.settings", done="setting", _anchor=f"{section}-{key}"), 303)


@pages.get("/policy")
@allow(Role.ADMIN)
def policy() -> str:
    """The files of policy, the oldest first, and the form for this year's notice."""
    here = register()
    return render_template(
        "office/policy.html",
        layers=[(one, is_own(here, one)) for one in layers_of(here)],
        leagues=leagues(),
        fields=FIELDS,
        year=local_day(now()).year,
        folder=here.home.root / "policy",
    )


@pages.post("/policy")
@allow(Role.ADMIN)
def write_policy() -> Answer:
    """Write this year's notice as a layer; it counts from the next check on.

    Raises:
        FieldMissing, SettingRefused: the form lacks something, or a value cannot be used.
    """
    form = request.form
    try:
        year, dated = int(form.get("year", "")), date.fromisoformat(form.get("dated", ""))
    except ValueError as error:
        raise FieldMissing(field=words("office.fields.dated")) from error
    fixes = {name: form.get(name, "")[:MAX_VALUE] for name in FIELDS}
    document = form.get("document", "").strip()[:MAX_VALUE]
    if not document:
        raise FieldMissing(field=words("office.fields.notice"))
    write_notice(register(), Notice(year, form.get("region", ""), document, dated, fixes), account().actor)
    return redirect(url_for("office.policy", done="policy"), 303)


@pages.post("/policy/<name>/remove")
@allow(Role.ADMIN)
def remove_policy(name: str) -> Answer:
    """Remove a layer that was written in the page; its name is typed to confirm."""
    if request.form.get("confirm", "").strip() != name:
        raise FieldMissing(field=words("office.fields.policy_name"))
    if not remove_notice(register(), name, account().actor):
        abort(404)
    return redirect(url_for("office.policy", done="policy_removed"), 303)


def _waits(one: Setting) -> bool:
    """Whether the file says something else than this site runs with."""
    running = {"registry": register().settings, "web": services().settings}.get(one.section)
    return running is not None and running.model_dump(mode="json").get(one.key) != one.value
