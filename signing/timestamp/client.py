"""RFC 3161 over HTTP: time-out, retry, second authority; every answer is checked before it is used."""

import secrets
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, reduce
from typing import Final

import httpx

from core.sentences import Sentence
from signing.cms.asn1 import algos, cms, core, tsp
from signing.errors import TimestampFailed
from signing.timestamp.canonical import in_one_spelling
from signing.timestamp.checking import TokenRefused, check_token
from signing.timestamp.response import TimestampResponse

QUERY_TYPE: Final = "application/timestamp-query"
REPLY_TYPE: Final = "application/timestamp-reply"
MAX_REPLY: Final = 256 << 10  # bytes
_GRANTED: Final = {"granted", "granted_with_mods"}


@dataclass(frozen=True)
class Rfc3161Timestamper:
    """Asks the authorities in turn, each `attempts` times; the first right answer is taken.

    `roots` are DER certificates that the authority's chain must lead to; empty means: the signature of the token
    is checked, its chain is left to the validator.
    """

    urls: tuple[str, ...]
    timeout_seconds: float = 10
    attempts: int = 2
    roots: tuple[bytes, ...] = ()
    transport: httpx.BaseTransport | None = field(default=None, compare=False)

    def stamp(self, digest: bytes) -> bytes:
        """The DER token of the first authority that answers rightly.

        Raises:
            TimestampFailed: none did; `reason` lists what each said last.
        """
        reasons: dict[str, Sentence] = {}
        for _ in range(self.attempts):
            for url in self.urls:
                try:
                    return self._ask(url, digest)
                except (httpx.HTTPError, TokenRefused) as error:
                    reasons[url] = _reason(url, error)
        reason = reduce(_both, reasons.values())
        raise TimestampFailed(attempts=self.attempts * len(self.urls), reason=reason)

    def _ask(self, url: str, digest: bytes) -> bytes:
        nonce = secrets.randbits(63)
        reply = self._post(url, make_query(digest, nonce))
        token = _token_of(reply)
        plain = in_one_spelling(bytes(token.dump()), self.roots)
        check_token(cms.ContentInfo.load(plain), digest, nonce, self.roots)
        return plain

    def _post(self, url: str, query: bytes) -> bytes:
        headers = {"Content-Type": QUERY_TYPE, "Accept": REPLY_TYPE}
        with (
            httpx.Client(
                timeout=self.timeout_seconds, transport=self.transport, trust_env=False, verify=_tls()
            ) as client,
            client.stream("POST", url, content=query, headers=headers) as answer,
        ):
            answer.raise_for_status()
            if answer.headers.get("Content-Type", "").partition(";")[0].strip() != REPLY_TYPE:
                raise TokenRefused(reason=f"Content-Type {answer.headers.get('Content-Type')}")
            body = b""
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > MAX_REPLY:
                    raise TokenRefused(reason="reply too long")
            return body


@cache
def _tls() -> ssl.SSLContext:
    """Made once: reading the system's root certificates takes longer than a time-stamp."""
    return httpx.create_ssl_context(trust_env=False)


def make_query(digest: bytes, nonce: int) -> bytes:
    """The DER TimeStampReq for a SHA-256 digest, asking for the authority's certificate."""
    imprint = tsp.MessageImprint(
        {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": digest}
    )
    request = {"version": 1, "message_imprint": imprint, "nonce": core.Integer(nonce), "cert_req": True}
    return bytes(tsp.TimeStampReq(request).dump())


def _token_of(reply: bytes) -> cms.ContentInfo:
    try:
        response = TimestampResponse.load(reply, strict=True)
        status = response["status"]["status"].native
        texts: Sequence[str] = response["status"]["status_string"].native or ()
        token = response["time_stamp_token"]
        granted = status in _GRANTED and isinstance(token, cms.ContentInfo)
    except (ValueError, TypeError, KeyError) as error:
        raise TokenRefused(reason=f"not a TimeStampResp: {error}") from error
    if not granted:
        raise TokenRefused(reason=f"{status} {'; '.join(texts)}".strip())
    return token


def _reason(url: str, error: Exception) -> Sentence:
    """What went wrong with one authority, its or the network's own words in brackets."""
    match error:
        case httpx.HTTPStatusError(response=answer):
            key, words = "status", str(answer.status_code)
        case httpx.TimeoutException():
            key, words = "silent", str(error)
        case httpx.ConnectError():
            key, words = "unreachable", str(error)
        case httpx.HTTPError():
            key, words = "broken_off", str(error)
        case _:
            key, words = "refused", str(error)
    return Sentence.of("signing", f"tsa_reasons.{key}", url=url, words=words or type(error).__name__)


def _both(first: Sentence, second: Sentence) -> Sentence:
    return Sentence.of("signing", "tsa_reasons.both", first=first, second=second)
