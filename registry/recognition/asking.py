"""Asking another region: one signed, dated answer per nonce, within seconds; a region that fails is left alone a while.

Whatever goes wrong here means “not answered”, never “no”.
"""

import json
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

from registry.model import State
from registry.recognition.answering import ANSWER_TYPE, Question
from registry.recognition.errors import AnswerMissing, AnswerNotBelieved
from registry.recognition.settings import RecognitionSettings

if TYPE_CHECKING:
    from signing.trustlist import Listed

MAX_ANSWER: Final = 1 << 20  # bytes
NONCE_BYTES: Final = 16
ANSWERS: Final = "answers"


@dataclass(frozen=True)
class Answer:
    """A believed answer: `state` is None when the region knows no such certificate."""

    at: datetime
    token: str
    state: State | None = None
    number: str = ""
    successor: str = ""
    sha256: str = ""
    credential: str = ""
    registered: bool | None = None
    """Whether the region knows the file's hash; None when it was not asked or its release does not say."""


class Transport(Protocol):
    """How a question gets to a region and bytes come back."""

    def post(self, url: str, document: Mapping[str, str]) -> bytes:
        """Send JSON, return the body of a 200 answer.

        Raises:
            OSError: unreachable, too slow, too large, or any other status.
        """
        ...

    def get(self, url: str) -> bytes:
        """Fetch the body of a 200 answer.

        Raises:
            OSError: as `post`.
        """
        ...


class HttpTransport:
    """Over HTTP with a limit for the whole exchange, not only between two bytes."""

    def __init__(self, settings: RecognitionSettings) -> None:
        import httpx

        self._seconds = settings.timeout_seconds
        self._client = httpx.Client(
            timeout=settings.timeout_seconds,
            trust_env=False,
            proxy=settings.proxy or None,
            limits=httpx.Limits(max_keepalive_connections=0),  # nothing stays open between questions
        )

    def post(self, url: str, document: Mapping[str, str]) -> bytes:
        """See `Transport`."""
        return self._exchange("POST", url, document)

    def get(self, url: str) -> bytes:
        """See `Transport`."""
        return self._exchange("GET", url, None)

    def _exchange(self, method: str, url: str, document: Mapping[str, str] | None) -> bytes:
        import httpx

        deadline = time.monotonic() + self._seconds
        body = bytearray()
        try:
            with self._client.stream(method, url, json=document) as response:
                if response.status_code != httpx.codes.OK:
                    raise OSError(f"HTTP {response.status_code}")  # noqa: EM102 - becomes the reason
                for piece in response.iter_bytes():
                    body += piece
                    if time.monotonic() > deadline:
                        raise TimeoutError("timeout")  # noqa: EM101
                    if len(body) > MAX_ANSWER:
                        raise OSError("too large")  # noqa: EM101
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise OSError(type(error).__name__) from error
        return bytes(body)


@dataclass
class Breaker:
    """Leaves a region alone for some seconds after so many failures in a row; then one question tries again."""

    failures: int
    seconds: float
    _counts: dict[str, int] = field(default_factory=dict)
    _until: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open_for(self, code: str) -> bool:
        """Whether the region is to be left alone now."""
        with self._lock:
            return time.monotonic() < self._until.get(code, 0.0)

    def note(self, code: str, *, good: bool) -> None:
        """Note how a question went."""
        with self._lock:
            self._counts[code] = 0 if good else self._counts.get(code, 0) + 1
            if self._counts[code] >= self.failures:
                self._until[code] = time.monotonic() + self.seconds


@dataclass
class Asker:
    """Asks members; safe between threads, one per program."""

    settings: RecognitionSettings
    transport: Transport
    breaker: Breaker

    @classmethod
    def over_http(cls, settings: RecognitionSettings) -> "Asker":
        """As the settings say."""
        breaker = Breaker(settings.breaker_failures, settings.breaker_seconds)
        return cls(settings, HttpTransport(settings), breaker)

    def ask(self, member: "Listed", at: datetime, **wanted: str | None) -> Answer:
        """Put one question with a fresh nonce.

        Raises:
            AnswerMissing: not reached, too slow, or left alone for now.
            AnswerNotBelieved: signed by another key, an old answer, a wrong clock, or not an answer.
        """
        code, facts = member.code, member.entry.facts
        if not self.settings.online or self.breaker.open_for(code):
            raise AnswerMissing(code=code, reason="offline" if not self.settings.online else "resting")
        question = Question(secrets.token_urlsafe(NONCE_BYTES), **wanted)
        url = facts.address + facts.end_points.get(ANSWERS, "/api/v1/answers")
        try:
            body = self.transport.post(url, question.as_json())
        except OSError as error:
            self.breaker.note(code, good=False)
            raise AnswerMissing(code=code, reason=str(error)) from error
        self.breaker.note(code, good=True)
        return self._believed(member, question, body, at)

    def _believed(self, member: "Listed", question: Question, body: bytes, at: datetime) -> Answer:
        payload, token, made_at = _verified(member, body)
        if payload.get("iss") != member.code:
            raise AnswerNotBelieved(code=member.code, reason="iss")
        if payload.get("nonce") != question.nonce:
            raise AnswerNotBelieved(code=member.code, reason="nonce")
        if abs((at - made_at).total_seconds()) > self.settings.clock_seconds:
            raise AnswerNotBelieved(code=member.code, reason="clock")
        if payload.get("found") is not True:
            return Answer(made_at, token)
        try:
            state = State(payload["state"])
            texts = {name: str(payload.get(name) or "") for name in ("number", "successor", "sha256")}
            registered = _registered(payload, question.sha256)
            return Answer(
                made_at, token, state, credential=str(payload["credential"]), registered=registered, **texts
            )
        except (KeyError, ValueError) as error:
            raise AnswerNotBelieved(code=member.code, reason=str(error)) from error


def _registered(payload: Mapping[str, Any], sha256: str | None) -> bool | None:
    """What an answer says of a file; a release that does not know the question still names the file as issued."""
    if sha256 is None:
        return None
    said = payload.get("registered")
    if isinstance(said, bool):
        return said
    return True if payload.get("sha256") == sha256 else None


def _verified(member: "Listed", body: bytes) -> tuple[Mapping[str, Any], str, datetime]:
    from signing.credential.token import verify
    from signing.errors import TokenInvalid

    keyset = member.entry.facts.trust.keyset
    try:
        token = str(json.loads(body)["token"])
        if keyset is None:
            raise AnswerNotBelieved(code=member.code, reason="jwks")
        accepted = verify(token, keyset, ANSWER_TYPE)
    except (ValueError, KeyError, TypeError) as error:
        raise AnswerNotBelieved(code=member.code, reason="form") from error
    except TokenInvalid as error:
        raise AnswerNotBelieved(code=member.code, reason=error.key) from error
    return accepted.payload, token, accepted.issued_at
