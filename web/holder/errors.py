"""Errors of the holder's pages."""

from web.errors import WebError


class ProviderFailed(WebError):
    """Raised when sign-in through the provider did not come to an end; data: `reason`, for the log only."""

    key = "provider_failed"
