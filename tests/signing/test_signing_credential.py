"""Credentials: signed, checked offline, refused for the right reason."""

import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey
from jsonschema import Draft202012Validator

from signing.credential.token import FORMAT_VERSION, schema, sign, verify
from signing.errors import (
    KeySetUnreadable,
    PayloadInvalid,
    TokenInvalid,
    TokenKeyNotValid,
    TokenKeyUnknown,
    TokenMalformed,
    TokenSignatureWrong,
    TokenTooNew,
)
from signing.keys.service_key import KeySet, ServiceKey

NOW = datetime.now(UTC).replace(microsecond=0)
PAYLOAD = {"number": "NM2025", "holder": {"name": "𬱖·其其格"}}


@pytest.fixture(scope="module", params=["Ed25519", "ES256"])
def key(request: pytest.FixtureRequest) -> ServiceKey:
    """A key of each kind."""
    return (
        ServiceKey.generate()
        if request.param == "Ed25519"
        else ServiceKey(ec.generate_private_key(ec.SECP256R1()))
    )


@pytest.fixture(scope="module")
def keyset(key: ServiceKey) -> KeySet:
    """Its published half, read back from JSON."""
    public = key.public(NOW - timedelta(days=10), NOW + timedelta(days=10))
    return KeySet.from_jwks(json.loads(json.dumps(KeySet((public,)).as_jwks())))


def changed(token: str, part: int, **members: Any) -> str:
    """The token with other members in header (0) or payload (1), signature kept."""
    parts = token.split(".")
    found = json.loads(urlsafe_b64decode(parts[part] + "=="))
    text = json.dumps({**found, **members}, separators=(",", ":"), ensure_ascii=False).encode()
    parts[part] = urlsafe_b64encode(text).rstrip(b"=").decode()
    return ".".join(parts)


def test_what_was_signed_comes_back(key: ServiceKey, keyset: KeySet) -> None:
    """Payload, version, second of signing."""
    accepted = verify(sign(PAYLOAD, key), keyset)
    assert accepted.payload["holder"]["name"] == "𬱖·其其格"
    assert accepted.payload["v"] == FORMAT_VERSION
    assert abs(accepted.issued_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_an_independent_library_agrees(key: ServiceKey, keyset: KeySet) -> None:
    """Joserfc reads our token with our published key, and we read its."""
    jwk = keyset.as_jwks()["keys"][0]
    kind = OKPKey if jwk["kty"] == "OKP" else ECKey
    found = jws.deserialize_compact(sign(PAYLOAD, key), kind.import_key(jwk), algorithms=[key.alg])
    assert json.loads(found.payload)["number"] == "NM2025"
    private = kind.import_key(key.pem)
    head = {"alg": key.alg, "kid": key.kid, "typ": "zhicheng-credential"}
    body = json.dumps({"v": 1, "iat": int(NOW.timestamp())})
    assert verify(jws.serialize_compact(head, body, private, algorithms=[key.alg]), keyset).kid == key.kid


def test_a_changed_payload_is_refused(key: ServiceKey, keyset: KeySet) -> None:
    """Another number under the old signature."""
    with pytest.raises(TokenSignatureWrong):
        verify(changed(sign(PAYLOAD, key), 1, number="NM2026"), keyset)


@pytest.mark.parametrize("alg", ["none", "HS256", "EdDSA", "RS256"])
def test_another_algorithm_is_refused(key: ServiceKey, keyset: KeySet, alg: str) -> None:
    """The key decides the algorithm, not the header."""
    with pytest.raises(TokenKeyUnknown):
        verify(changed(sign(PAYLOAD, key), 0, alg=alg), keyset)


def test_a_key_of_another_region_is_refused(key: ServiceKey, keyset: KeySet) -> None:
    """Unknown kid."""
    with pytest.raises(TokenKeyUnknown):
        verify(sign(PAYLOAD, ServiceKey.generate()), keyset)


def test_a_retired_key_verifies_what_it_signed_in_its_time(key: ServiceKey) -> None:
    """Before its end yes, after it no, revoked never."""
    public = key.public(NOW - timedelta(days=10), NOW - timedelta(days=5))
    old = sign({**PAYLOAD, "iat": int((NOW - timedelta(days=6)).timestamp())}, key)
    assert verify(old, KeySet((public,))).kid == key.kid
    with pytest.raises(TokenKeyNotValid):
        verify(sign(PAYLOAD, key), KeySet((public,)))
    from dataclasses import replace

    with pytest.raises(TokenKeyNotValid):
        verify(old, KeySet((replace(public, revoked_at=NOW),)))


def test_unknown_members_are_ignored_but_a_newer_version_is_refused(key: ServiceKey, keyset: KeySet) -> None:
    """Fields may be added; `v` is raised only when old readers would misunderstand."""
    assert verify(sign({**PAYLOAD, "new_field": [1, 2]}, key), keyset).payload["new_field"] == [1, 2]
    with pytest.raises(TokenTooNew):
        verify(sign({**PAYLOAD, "v": FORMAT_VERSION + 1}, key), keyset)


def test_a_token_of_another_type_is_refused(key: ServiceKey, keyset: KeySet) -> None:
    """A status list is no credential."""
    with pytest.raises(TokenMalformed):
        verify(sign(PAYLOAD, key, "zhicheng-status-list"), keyset)


def test_a_second_spelling_of_the_same_token_is_refused(key: ServiceKey, keyset: KeySet) -> None:
    """Padding, spare bits, line ends: Base64url has one form."""
    token = sign(PAYLOAD, key)
    last = token[-1]
    spare = next(c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" if c != last)
    for other in (token + "=", token + "\n", " " + token, token[:-1] + spare, token.replace(".", ".\n", 1)):
        with pytest.raises(TokenInvalid):
            verify(other, keyset)


@given(st.text(max_size=300))
def test_any_text_is_refused_without_any_other_error(text: str) -> None:
    """Parsers of strangers' text raise only their own error."""
    with pytest.raises(TokenInvalid):
        verify(text, KeySet(()))


@given(st.data())
def test_any_changed_character_is_noticed(data: st.DataObject) -> None:
    """No mutant of a token is accepted."""
    place = data.draw(st.integers(0, len(TOKEN) - 1))
    character = data.draw(st.sampled_from("ABCabc012-_.=").filter(lambda c: c != TOKEN[place]))
    with pytest.raises(TokenInvalid):
        verify(TOKEN[:place] + character + TOKEN[place + 1 :], KEYS)


_OWN = ServiceKey.generate()
TOKEN = sign(PAYLOAD, _OWN)
KEYS = KeySet((_OWN.public(NOW - timedelta(days=1), NOW + timedelta(days=1)),))


def test_duplicate_members_are_refused(key: ServiceKey, keyset: KeySet) -> None:
    """Two readers must never see two values."""
    head = json.dumps({"alg": key.alg, "kid": key.kid, "typ": "zhicheng-credential"})
    body = f'{{"v":1,"iat":{int(NOW.timestamp())},"number":"A","number":"B"}}'
    text = ".".join(urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in (head, body))
    signature = urlsafe_b64encode(key.sign(text.encode())).rstrip(b"=").decode()
    with pytest.raises(TokenMalformed):
        verify(f"{text}.{signature}", keyset)


def test_what_is_no_json_cannot_be_signed(key: ServiceKey) -> None:
    """Dates, NaN, a textual version."""
    for bad in ({"day": NOW}, {"x": float("nan")}, {"v": "1"}):
        with pytest.raises(PayloadInvalid):
            sign(bad, key)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"keys": [1]}', '{"keys": [{"alg": "Ed25519"}]}'])
def test_a_broken_key_set_is_refused(tmp_path: Path, text: str) -> None:
    """Not JSON, no keys, a damaged key."""
    (tmp_path / "keys.json").write_text(text)
    with pytest.raises(KeySetUnreadable):
        KeySet.read(tmp_path / "keys.json")


def test_a_key_under_a_false_name_is_refused(keyset: KeySet) -> None:
    """`kid` must be the key's own thumbprint."""
    entry = {**keyset.as_jwks()["keys"][0], "kid": "x"}
    with pytest.raises(KeySetUnreadable):
        KeySet.from_jwks({"keys": [entry]})


def test_keys_of_unknown_kinds_are_passed_over(keyset: KeySet) -> None:
    """A region may publish more than we understand."""
    document = keyset.as_jwks()
    document["keys"].append({"kty": "AKP", "alg": "ML-DSA-65", "kid": "x"})
    assert len(KeySet.from_jwks(document).keys) == 1


def test_the_schema_describes_what_is_issued() -> None:
    """The published JSON Schema is itself valid, accepts its own example and refuses a payload without number."""
    document = schema()
    Draft202012Validator.check_schema(document)
    validator = Draft202012Validator(document)
    for example in document["examples"]:
        validator.validate(example)
    broken = {name: value for name, value in document["examples"][0].items() if name != "number"}
    assert not validator.is_valid(broken)


def test_signing_and_checking_are_fast() -> None:
    """At least 5,000 a second each on an idle core; a fifth of that is demanded here, on busy machines."""
    for work in (lambda: sign(PAYLOAD, _OWN), lambda: verify(TOKEN, KEYS)):
        start = time.process_time()
        for _ in range(500):
            work()
        assert 500 / (time.process_time() - start) > 1_000
