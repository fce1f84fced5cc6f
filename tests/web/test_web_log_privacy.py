"""What the public log tells and what it does not: no number, no kind, no name; whoever holds code or file opens leaves."""

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from web_helpers import ACTOR, Issued

from core.settings import Home
from registry.accounts.keys import Scope, create
from registry.certificates.annotated_copies import annotate
from registry.clock import now
from registry.log import events, merkle
from registry.log.events import LEAF_VERSION, Kind, NewEvent, public_leaf, record
from registry.log.tree_heads import prove_inclusion
from registry.log.verify import check_log
from registry.register import Register
from signing.authority.opening import open_authority
from web.app import create_app
from web.settings import WebSettings

PROOF = "/api/v1/log/proof"
GENEROUS = WebSettings(rate_result="100000 per minute")


@pytest.fixture
def own(issued: Issued, tmp_path: Path) -> Issued:
    """A copy of the issued home, so that what is recorded here stays here."""
    shutil.copytree(issued.home.root, tmp_path / "home")
    return replace(issued, home=Home(tmp_path / "home"))


@pytest.fixture
def client(own: Issued) -> FlaskClient:
    """A visitor of the site over it."""
    return create_app(own.home, settings=GENEROUS).test_client()


@pytest.fixture
def size(client: FlaskClient, own: Issued, tmp_path: Path) -> int:
    """How many leaves the log has once somebody has asked for a copy and a key has been made."""
    with Register.open(own.home) as register:
        annotate(register, own.certificates[0].number, "应聘", tmp_path, actor=ACTOR)
        create(register, "某某医院", frozenset((Scope.VERIFY,)), ACTOR)
    found: int = client.get("/api/v1/log/head").get_json()["size"]
    return found


def test_a_stranger_who_walks_the_leaves_learns_nothing(client: FlaskClient, own: Issued, size: int) -> None:
    """No certificate number, kind of event, copy or key stands in any public proof, and each proof holds."""
    told = [client.get(f"{PROOF}?position={place}").get_json() for place in range(size)]
    text = json.dumps(told, ensure_ascii=False)
    for secret in (*(one.number for one in own.certificates), "annotated", "api-key", "issued", "account"):
        assert secret not in text
    for place, proof in enumerate(told):
        leaf_hash = merkle.leaf_hash(proof["leaf"].encode())
        path = [bytes.fromhex(step) for step in proof["path"]]
        assert merkle.inclusion_holds(leaf_hash, place, size, path, bytes.fromhex(proof["root"]))


def test_code_or_file_opens_the_leaf_of_the_certificate_only(
    client: FlaskClient, own: Issued, size: int
) -> None:
    """The opening is the text whose hash is the commitment; wrong holders and unknown codes get the closed leaf."""
    one, other = own.certificates[:2]
    sha256 = hashlib.sha256(own.pdf(one)).hexdigest()
    by_code = client.get(f"{PROOF}?code={one.code}").get_json()
    assert client.get(f"{PROOF}?sha256={sha256}").get_json() == by_code
    opened = json.loads(by_code["opening"])
    assert (opened["subject"], opened["kind"], opened["v"]) == (one.number, "issued", LEAF_VERSION)
    assert by_code["leaf"] == public_leaf(by_code["opening"])
    assert (
        json.loads(by_code["leaf"])["commitment"] == hashlib.sha256(by_code["opening"].encode()).hexdigest()
    )
    place = by_code["position"]
    for code in (other.code, "A" * 26):
        closed = client.get(f"{PROOF}?position={place}&code={code}").get_json()
        assert closed == client.get(f"{PROOF}?position={place}").get_json()
        assert closed["opening"] is None
    assert client.get(f"{PROOF}?code={'A' * 26}").status_code == 404


def test_who_has_the_code_does_not_see_that_a_copy_was_made(
    client: FlaskClient, own: Issued, size: int
) -> None:
    """The present employer cannot open the leaf of a 加注件; whoever holds that copy can."""
    one = own.certificates[0]
    with Register.open(own.home) as register:
        (copy, *_) = register.lookup.copies_of(one)
        place = next(e.position for e in register.lookup.events_of(one) if e.kind == "annotated")
    assert client.get(f"{PROOF}?position={place}&code={one.code}").get_json()["opening"] is None
    assert client.get(f"{PROOF}?position={place}&code={copy.code}").get_json()["opening"]


def test_the_operator_sees_every_leaf_open(own: Issued, size: int) -> None:
    """The auditor's proof bears the opening and holds."""
    with Register.open(own.home) as register:
        proofs = [prove_inclusion(register, place) for place in range(size)]
    assert all(proof.opening and proof.holds() for proof in proofs)


def test_leaves_of_an_earlier_release_stay_provable_and_show_their_hash_only(
    own: Issued, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A leaf that was hashed openly: the public proof holds without its text, the log still verifies."""
    one = own.certificates[0]
    monkeypatch.setattr(events, "LEAF_VERSION", 1)
    with Register.open(own.home) as register:
        with register.database.write() as connection:
            event = NewEvent(Kind.EXTENDED, one.number, {}, certificate_id=one.id)
            (place,) = record(connection, [event], now())
        assert check_log(register, open_authority(own.home).keyset).problems == ()
        proof = prove_inclusion(register, place)
    assert proof.holds()
    assert proof.closed.holds()
    client = create_app(own.home, settings=GENEROUS).test_client()
    closed = client.get(f"{PROOF}?position={place}").get_json()
    assert (closed["leaf"], closed["opening"], closed["leaf_hash"]) == (None, None, proof.leaf_hash)
    assert client.get(f"{PROOF}?position={place}&code={one.code}").get_json()["leaf"] == proof.leaf
