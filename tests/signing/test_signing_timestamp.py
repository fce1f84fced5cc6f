"""Time-stamps over real HTTP: time-out, retry, second authority, and never a weaker level."""

import hashlib
import re
import socket
import time
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.serialization import Encoding
from signing_helpers import TsaServer

from signing.authority.opening import Authority
from signing.errors import TimestampFailed
from signing.keys import SigningKey
from signing.keys.certificate_key import certificate_key
from signing.pades.sign import SigningPlan, sign_pdf
from signing.settings import Level
from signing.timestamp import (
    LocalTimestamper,
    NoTimestamper,
    Rfc3161Timestamper,
    TimestampAuthority,
    Timestamper,
)
from signing.timestamp.canonical import is_in_one_spelling
from signing.timestamp.checking import TokenRefused, check_token, tst_info
from signing.timestamp.response import TimestampResponse

PATIENCE_S = 30.0  # for an authority that answers, on a busy machine
DIGEST = hashlib.sha256(b"x").digest()


def client(servers: list[TsaServer], authority: Authority, **more: float | int) -> Rfc3161Timestamper:
    """A client of both servers that pins the demo root."""
    roots = tuple(one.public_bytes(Encoding.DER) for one in authority.roots)
    return Rfc3161Timestamper(
        tuple(one.url for one in servers),
        roots=roots,
        **{"timeout_seconds": PATIENCE_S, "attempts": 2, **more},
    )  # type: ignore[arg-type]


def test_real_and_null_implementations_fit_the_protocol(tsa_key: SigningKey) -> None:
    """All three are time-stampers; the null one always refuses."""
    for one in (
        NoTimestamper(),
        Rfc3161Timestamper(("http://x",)),
        LocalTimestamper(TimestampAuthority(tsa_key)),
    ):
        assert isinstance(one, Timestamper)
    with pytest.raises(TimestampFailed):
        NoTimestamper().stamp(DIGEST)


def test_the_first_authority_answers(tsa_servers: list[TsaServer], authority: Authority) -> None:
    """A right answer is taken, the second authority is not bothered."""
    token = cms.ContentInfo.load(client(tsa_servers, authority).stamp(DIGEST))
    info = tst_info(token)
    assert info["message_imprint"]["hashed_message"].native == DIGEST
    assert abs(info["gen_time"].native - datetime.now(UTC)) < timedelta(minutes=1)
    assert [server.asked for server in tsa_servers] == [1, 0]
    assert is_in_one_spelling(token["content"], client(tsa_servers, authority).roots)


@pytest.mark.parametrize("mode", ["error", "garbage", "wrong_type", "slow"])
def test_the_second_authority_helps_out(
    tsa_servers: list[TsaServer], authority: Authority, mode: str
) -> None:
    """Whatever the first does, the second answers."""
    tsa_servers[0].mode = mode
    patience = 2 if mode == "slow" else PATIENCE_S
    token = client(tsa_servers, authority, timeout_seconds=patience).stamp(DIGEST)
    assert tst_info(cms.ContentInfo.load(token))
    assert tsa_servers[1].asked == 1


def test_an_answer_to_another_query_is_not_taken(tsa_servers: list[TsaServer], authority: Authority) -> None:
    """A replayed token has another nonce and another imprint."""
    tsa_servers[0].mode = "stale"
    only = client(tsa_servers[:1], authority)
    only.stamp(hashlib.sha256(b"first").digest())
    with pytest.raises(TimestampFailed):
        only.stamp(DIGEST)


def test_an_authority_that_is_not_pinned_is_not_taken(
    tsa_servers: list[TsaServer], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The chain of the token must lead to the given roots."""
    from signing.authority.opening import demo_authority

    stranger = demo_authority(tmp_path_factory.mktemp("stranger") / "keys")
    with pytest.raises(TimestampFailed) as caught:
        client(tsa_servers, stranger).stamp(DIGEST)
    assert "chain" in str(caught.value.data["reason"])


def test_when_none_answers_each_was_asked_as_often_as_allowed(
    tsa_servers: list[TsaServer], authority: Authority
) -> None:
    """Two authorities, two attempts; the error lists what each said and takes no longer than allowed."""
    tsa_servers[0].mode, tsa_servers[1].mode = "error", "slow"
    start = time.monotonic()
    with pytest.raises(TimestampFailed) as caught:
        client(tsa_servers, authority, timeout_seconds=0.3).stamp(DIGEST)
    assert time.monotonic() - start < 3
    while [server.asked for server in tsa_servers] != [2, 2]:  # a question may be read after it was given up
        assert time.monotonic() - start < PATIENCE_S, tsa_servers
        time.sleep(0.01)
    assert caught.value.data["attempts"] == 4
    told = caught.value.diagnostics()
    assert f"{tsa_servers[0].url} 答复 HTTP 5" in told
    assert f"{tsa_servers[1].url} 没有按时答复 [" in told
    assert not re.search("[\u4e00-\u9fff]", caught.value.diagnostics("en"))


def test_an_authority_that_nobody_reaches_is_said_to_be_so() -> None:
    """The network's own words in brackets."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(TimestampFailed, match=r"连不上 \[.*refused") as caught:
            Rfc3161Timestamper((url,), 1, 1).stamp(DIGEST)
    assert url in str(caught.value)


@pytest.mark.parametrize("level", [Level.B_T, Level.B_LT, Level.B_LTA])
def test_a_failed_time_stamp_never_gives_a_weaker_level(
    tsa_servers: list[TsaServer], authority: Authority, plain_pdf: bytes, crls: object, level: Level
) -> None:
    """Signing raises; there is no file of another level."""
    from signing.pades.revocation import RevocationData

    assert isinstance(crls, RevocationData)
    for server in tsa_servers:
        server.mode = "error"
    plan = SigningPlan(level=level, timestamper=client(tsa_servers, authority), revocation=crls)
    with pytest.raises(TimestampFailed):
        sign_pdf(plain_pdf, certificate_key(authority), datetime.now(UTC), plan)


def test_a_changed_token_is_refused(tsa_key: SigningKey) -> None:
    """Imprint, nonce and signature are checked before use."""
    token = cms.ContentInfo.load(LocalTimestamper(TimestampAuthority(tsa_key)).stamp(DIGEST))
    check_token(token, DIGEST, None, ())
    with pytest.raises(TokenRefused):
        check_token(token, bytes(32), None, ())
    with pytest.raises(TokenRefused):
        check_token(token, DIGEST, 7, ())
    der = bytearray(token.dump())
    der[-1] ^= 1
    with pytest.raises(TokenRefused):
        check_token(cms.ContentInfo.load(bytes(der)), DIGEST, None, ())


def test_the_local_authority_rejects_what_it_does_not_understand(tsa_key: SigningKey) -> None:
    """Rubbish gets a rejection, not a crash."""
    answer = TimestampResponse.load(TimestampAuthority(tsa_key).respond(b"rubbish"))
    assert answer["time_stamp_token"].native is None
    assert answer["status"]["status"].native == "rejection"
