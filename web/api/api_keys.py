"""Machines that say who they are: `Authorization: Bearer zk_…` at the API (接口密钥)."""

from typing import Final

from flask import Flask, Response, g, request

from registry.accounts.keys import Caller, Scope, caller_of
from web.http.problems import API_PREFIX, problem
from web.services import services

BEARER: Final = "bearer"
CHALLENGE: Final = 'Bearer realm="zhicheng"'
SCOPE_OF: Final = {
    "api.certificate": Scope.VERIFY,
    "api.verifications": Scope.VERIFY,
    "api.queries": Scope.QUERY,
    "bulk_api.bulk_checks": Scope.BULK,
    "recognition_api.recognitions": Scope.RECOGNISE,
    "recognition_api.answers": Scope.RECOGNISE,
    "exchange_api.exchanges": Scope.RECOGNISE,
}
"""Which scope each call needs of a key; what is not named here is open to every key."""


def caller() -> Caller | None:
    """Whose key this request carries; None for a visitor without one."""
    found: Caller | None = g.get("caller")
    return found


def identify(app: Flask) -> None:
    """Read the key before anything else: a wrong one is refused, a right one names the caller for this request."""

    @app.before_request
    def _caller() -> Response | None:
        given = request.headers.get("Authorization")
        if given is None or not request.path.startswith(API_PREFIX):
            return None
        scheme, _, secret = given.partition(" ")
        found = caller_of(services().register, secret.strip()) if scheme.lower() == BEARER else None
        if found is None:
            response = problem(401, "key_unknown")
            response.headers["WWW-Authenticate"] = CHALLENGE
            return response
        wanted = SCOPE_OF.get(request.endpoint or "")
        if wanted is not None and wanted not in found.scopes:
            return problem(403, "key_scope")
        g.caller = found
        return None
