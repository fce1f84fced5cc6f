"""The two addresses of sign-in through a provider: there and back."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from flask import abort, current_app, g, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from web.holder.errors import ProviderFailed
from web.holder.pages import pages
from web.holder.session import begin
from web.http.limits import limiter, query_limit
from web.services import services

if TYPE_CHECKING:
    from web.holder.oidc import Provider

LOG: Final = logging.getLogger("zhicheng.holder")
EXTENSION: Final = "zhicheng_oidc"


@pages.get("/oidc")
@limiter.limit(query_limit)
def oidc_start() -> Answer:
    """Send the visitor to the provider."""
    try:
        return _provider().send()
    except ProviderFailed as error:
        return _again(error)


@pages.get("/oidc/back")
@limiter.limit(query_limit)
def oidc_back() -> Answer:
    """Open the pages of the person whom the provider names."""
    try:
        name, number = _provider().person()
    except ProviderFailed as error:
        return _again(error)
    found = services().register.lookup.by_person(name, number) if name and number else ()
    if not found:
        return make_response(render_template("holder/nothing.html"), 404)
    response = redirect(url_for("holder.overview"), 303)
    g.holder = begin(found[-1], found)
    return response


def _provider() -> Provider:
    provider: Provider | None = current_app.extensions.get(EXTENSION)
    return provider or abort(404)


def _again(error: ProviderFailed) -> Answer:
    LOG.warning("sign-in through the provider failed: %s", error.data.get("reason"))
    return make_response(render_template("holder/login.html", refused=False, ended=False, failed=True), 401)
