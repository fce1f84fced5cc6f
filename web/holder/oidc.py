"""Signing in through the operator's OpenID Connect provider (Authlib): code flow with state, nonce and PKCE.

The provider says who the visitor is; the register says which certificates are his. Name and ID number are read from
the signed ID token, or from the provider's UserInfo answer about the same subject, and are kept nowhere.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any, Final, cast

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from requests import RequestException

from registry.register import Register
from signing.credential.token_errors import TOKEN_ERRORS
from web.holder.errors import ProviderFailed
from web.settings import OidcSettings

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response as Answer

NAME: Final = "holder_oidc"
BACK: Final = "/holder/oidc/back"
WELL_KNOWN: Final = "/.well-known/openid-configuration"
_PURPOSE: Final = b"zhicheng holder oidc 1"
_FAILURES: Final = (AuthlibBaseError, RequestException, *TOKEN_ERRORS, RuntimeError, KeyError, ValueError)
"""What a refusal, a provider that does not answer, a bad token and incomplete metadata raise."""


class Provider:
    """The configured provider; nothing is fetched before somebody signs in."""

    def __init__(self, app: Flask, register: Register, settings: OidcSettings) -> None:
        """Register the client with the application. Its short session (state, nonce, verifier) is a signed cookie."""
        self.settings = settings
        self._back = register.settings.public_url.rstrip("/") + BACK
        app.secret_key = hmac.digest(register.vault.list_key, _PURPOSE, hashlib.sha256)
        app.config.update(SESSION_COOKIE_NAME="zc_oidc", SESSION_COOKIE_PATH="/holder/oidc")
        app.config.update(SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax")
        self._client: Any = OAuth(app).register(
            NAME,
            client_id=settings.client_id,
            client_secret=settings.client_secret.get_secret_value(),
            server_metadata_url=settings.issuer.rstrip("/") + WELL_KNOWN,
            client_kwargs={
                "scope": settings.scope,
                "code_challenge_method": "S256",
                "default_timeout": settings.seconds,
            },
        )

    def send(self) -> Answer:
        """The redirection to the provider.

        Raises:
            ProviderFailed: the provider cannot be reached.
        """
        try:
            return cast("Answer", self._client.authorize_redirect(self._back))
        except _FAILURES as error:
            raise ProviderFailed(reason=type(error).__name__) from error

    def person(self) -> tuple[str, str]:
        """Name and ID number of whoever comes back; empty where the provider does not say.

        Raises:
            ProviderFailed: refused there, a state or nonce that is not ours, a token that does not hold.
        """
        try:
            token = self._client.authorize_access_token(claims_options=self._claims())
            claims = dict(token.get("userinfo") or {})
            if not claims.get("sub"):
                raise ProviderFailed(reason="id_token")
            if not self._named(claims):
                more = self._client.userinfo(token=token)
                if more.get("sub") != claims["sub"]:  # OpenID Connect Core §5.3.2
                    raise ProviderFailed(reason="sub")
                claims = {**more, **claims}
        except _FAILURES as error:
            raise ProviderFailed(reason=type(error).__name__) from error
        wanted = (self.settings.name_claim, self.settings.id_number_claim)
        name, number = (str(claims.get(claim) or "").strip() for claim in wanted)
        return name, number

    def _named(self, claims: dict[str, Any]) -> bool:
        return bool(claims.get(self.settings.name_claim) and claims.get(self.settings.id_number_claim))

    def _claims(self) -> dict[str, Any]:
        """Issuer and audience must be exactly those configured (OpenID Connect Core §3.1.3.7)."""
        return {
            "iss": {"essential": True, "value": self.settings.issuer},
            "aud": {"essential": True, "value": self.settings.client_id},
        }
