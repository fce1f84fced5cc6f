"""Rate limits per visitor address; the settings give the numbers."""

from flask import current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from web.settings import WebSettings

limiter = Limiter(get_remote_address)


def _settings() -> WebSettings:
    settings: WebSettings = current_app.extensions["zhicheng"].settings
    return settings


def query_limit() -> str:
    """For look-ups by name and identity number."""
    return _settings().rate_query


def bulk_limit() -> str:
    """For tables of numbers and names."""
    return _settings().rate_bulk


def upload_limit() -> str:
    """For uploaded files."""
    return _settings().rate_upload


def result_limit() -> str:
    """For result pages and the look-up by code."""
    return _settings().rate_result


def sign_in_limit() -> str:
    """For attempts to sign in to the workspace."""
    return _settings().rate_sign_in
