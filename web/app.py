"""The application factory: a home folder in, a Flask application out."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask import Flask
from flask_openapi3 import Info
from werkzeug.middleware.proxy_fix import ProxyFix

from web.api import certificates, exchanges, transparency
from web.api.api_keys import identify
from web.api.fast_path import shorten
from web.holder.oidc_pages import EXTENSION as OIDC
from web.holder.pages import pages as holder_pages
from web.http import health
from web.http.caching import keep_fixed_pages
from web.http.counting import storage_address
from web.http.crawlers import refuse_crawlers
from web.http.languages import speak
from web.http.limits import limiter
from web.http.openapi import SECURITY, Described
from web.http.problems import Problem, invalid_request, register_handlers
from web.http.security import protect
from web.http.uploads import InMemory
from web.http.url_converters import RowNumber
from web.office.site import pages as office_pages
from web.public import (
    bulk_pages,
    fallback_fonts,
    progress_pages,
    receipt_pages,
    recognition,
    tour,
    trust_pages,
    verify_pages,
)
from web.services import Services
from web.settings import OidcSettings, WebSettings

if TYPE_CHECKING:
    from core.settings import Home

TEMPLATES: Final = Path(__file__).resolve().parent.parent / "templates" / "web"
STATIC_MAX_AGE_S: Final = 30 * 24 * 3600
API_VERSION: Final = "1.0.0"


def create_app(home: Home, *, settings: WebSettings | None = None, demo: Path | None = None) -> Flask:
    """Build the site on a home folder.

    Args:
        home: where register, keys and settings are.
        settings: the `[web]` section; read from the home folder when not given.
        demo: folder of demonstration results to link from `/demo`, if any.

    Raises:
        HomeNotReady: settings that contradict each other.
        RegistryError: the register cannot be opened.
    """
    settings = settings or home.section("web", WebSettings)
    app = Described(
        __name__,
        info=Info(title="zhicheng 职称证书核验", version=API_VERSION),
        security_schemes=SECURITY,
        validation_error_callback=invalid_request,
        validation_error_model=Problem,
        doc_ui=True,
        template_folder=str(TEMPLATES),
        static_folder=str(TEMPLATES / "static"),
    )
    app.request_class = InMemory
    app.url_map.converters["int"] = RowNumber
    app.config.update(
        MAX_CONTENT_LENGTH=settings.max_request_bytes,
        MAX_FORM_PARTS=settings.max_files + 20,
        SEND_FILE_MAX_AGE_DEFAULT=STATIC_MAX_AGE_S,
        RATELIMIT_STORAGE_URI=storage_address(settings.rate_storage),
        RATELIMIT_HEADERS_ENABLED=True,
        SESSION_COOKIE_SECURE=settings.https,
    )
    services = Services.open(home, settings, demo=demo)
    app.extensions["zhicheng"] = services
    app.jinja_env.globals["site"] = services.site(_asset_version())
    oidc = home.section("oidc", OidcSettings)
    if oidc.issuer:
        from web.holder.oidc import Provider  # its libraries are loaded only where they are wanted

        app.extensions[OIDC] = Provider(app, services.register, oidc)
    app.describe_page()
    keep_fixed_pages(app, _asset_version())
    speak(app)
    refuse_crawlers(app)
    identify(app)
    limiter.init_app(app)
    protect(app, https=settings.https)
    register_handlers(app)
    app.register_blueprint(verify_pages.pages)
    app.register_blueprint(trust_pages.pages)
    app.register_blueprint(progress_pages.pages)
    app.register_blueprint(health.pages)
    app.register_blueprint(fallback_fonts.pages)
    app.register_blueprint(receipt_pages.pages)
    app.register_blueprint(holder_pages)
    app.register_blueprint(office_pages)
    app.register_blueprint(bulk_pages.pages)
    app.register_api(certificates.pages)
    app.register_api(recognition.api)
    app.register_api(exchanges.api)
    app.register_api(transparency.api)
    app.register_blueprint(recognition.pages)
    app.register_api(bulk_pages.api)
    if demo is not None:
        app.register_blueprint(tour.pages)
    shorten(app, services)
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app


@cache
def _asset_version() -> str:
    """Changes when any static file changes, so that browsers may keep them as long as they like."""
    digest = hashlib.sha256()
    for path in sorted((TEMPLATES / "static").rglob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
