"""Three regions and an anchor, every failure played for real; what each case was decided."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from postgresql_server import new_postgres_database
from recognition_regions import (
    GROUNDS,
    Region,
    anchor_in,
    answering,
    fill,
    hand_out,
    new_region,
    take_in,
    verifier_of,
)
from recognition_world import World

from records.sample import Kind
from registry.certificates import lifecycle
from registry.clock import local_day, now
from registry.model import Certificate
from registry.recognition.members import CONDITIONS, Members
from registry.recognition.refreshing import refresh
from registry.recognition.statuses import StatusStore
from registry.recognition.verifying import verification_of
from registry.register import Register
from registry.verification.answers import FileAnswer, FileCode, Verification
from signing.authority.opening import new_service_key, open_authority
from signing.keys.ring import read_ring, write_ring
from signing.keys.service_key import ServiceKey
from signing.trustlist import suspend

TODAY = local_day(now())


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, postgres_server: object) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("regions")
    a, b = (new_region(folder, f"90000{n}", name) for n, name in ((1, "甲州"), (2, "乙州")))
    c = new_region(folder, "900003", "丙州", database=new_postgres_database(postgres_server))
    fill(b, 6, Kind.GREEN, 11)
    fill(b, 3, Kind.TARGETED, 12)
    fill(c, 4, Kind.GREEN, 13)
    anchor = anchor_in(folder / "anchor")
    take_in(anchor, b)
    take_in(anchor, c)
    hand_out(anchor, a)
    b.start()
    c.start()
    yield World(folder, anchor, a, b, c)
    b.stop()
    c.stop()


@pytest.fixture(scope="session")
def played(world: World) -> dict[str, Verification]:
    """Every case once, in an order in which none spoils the next."""
    cases: dict[str, Verification] = {}
    cases |= play_online(world)
    cases |= play_failures(world)
    cases |= play_conditions(world)
    return cases


def play_online(world: World) -> dict[str, Verification]:
    """The issuer is there."""
    b = world.b
    good, revoked, suspended = b.certificates[:3]
    with Register.open(b.home) as register:
        lifecycle.revoke(register, revoked.number, GROUNDS)
        lifecycle.suspend(register, suspended.number, GROUNDS)
    pdf = b.pdf(good)
    middle = len(pdf) // 2
    changed = pdf[:middle] + bytes([pdf[middle] ^ 1]) + pdf[middle + 1 :]
    head, body, signature = good.credential.split(".")
    forged = f"{head}.{body[:-4]}{'AAAA' if body[-4:] != 'AAAA' else 'BBBB'}.{signature}"
    return {
        "PDF, issuer online": world.file(b, good),
        "code and region": world.asked(code=good.code, region=b.code),
        "address out of the QR code": world.asked(code=f"HTTP://127.0.0.1:{b.port}/V/{good.code}"),
        "credential alone": world.asked(credential=good.credential),
        "targeted evaluation": world.file(b, b.certificates[-1]),
        "revoked": world.file(b, revoked),
        "suspended": world.file(b, suspended),
        "one byte changed": world.data(changed),
        "credential forged": world.asked(credential=forged, region=b.code),
        "name typed differently": world.asked(code=good.code, region=b.code, name="王五"),
        "issuer knows no such person": world.asked(
            region=b.code, name="查无此人", id_number="150101199001010000", level="中级"
        ),
        "on paper only": _on_paper(world),
        "region not on the list": world.asked(region="990009", code=good.code, level="副高级"),
    }


def _on_paper(world: World) -> Verification:
    with verifier_of(world.a) as verifier:
        found = verifier.recogniser.on_paper("示例省人事厅", "副高级")
    return verification_of(found, FileAnswer(FileCode.NOT_PRESENTED))


def play_failures(world: World) -> dict[str, Verification]:
    """The issuer is slow, gone, lying, or has changed its keys."""
    a, b = world.a, world.b
    good, later = b.certificates[0], b.certificates[3]
    status = StatusStore(Members(a.home).folder / "status")
    found: dict[str, Verification] = {}
    with b.stalled(), a.impatient():
        found["slow, no status list"] = world.file(b, good)
    refresh(a.home)
    with Register.open(b.home) as register:
        lifecycle.revoke(register, later.number, GROUNDS)
    recorded = _recorded_answer(world, good)
    b.stop()
    found["down, status list fresh"] = world.file(b, good)
    found["down, revoked before the list"] = world.file(b, b.certificates[1])
    found["down, revoked after the last list"] = world.file(b, later)
    found["down, code only"] = world.asked(code=good.code, region=b.code)
    with answering(b.port, lambda _: recorded):
        found["answer replayed, status list fresh"] = world.file(b, good)
    _spoil_lists(status.folder)
    with answering(b.port, lambda _: recorded):
        found["answer replayed, no status list"] = world.file(b, good)
    with answering(b.port, lambda body: _forged_answer(b, body, good)):
        found["answer signed by a stranger"] = world.file(b, good)
    with answering(b.port, lambda body: _own_answer(b, body, good, hours=-1)):
        found["issuer's clock an hour behind"] = world.file(b, good)
    _stale_list(world, status)
    found["down, status list stale"] = world.file(b, good)
    _rotate(b)
    b.start()
    found["online again, revoked meanwhile"] = world.file(b, later)
    found["service key rotated, list not yet renewed"] = world.file(b, good)
    take_in(world.anchor, b)
    hand_out(world.anchor, a)
    found["service key rotated, list renewed"] = world.file(b, good)
    found["revoked after the last list, asked again"] = world.file(b, later)
    return found


def play_conditions(world: World) -> dict[str, Verification]:
    """What the anchor wrote down."""
    c, good = world.c, world.c.certificates[0]
    found: dict[str, Verification] = {}
    agreed: dict[str, dict[str, object]] = {
        "series not agreed": {"series": ["无此系列"]},
        "level not agreed": {"levels": ["无此级别"]},
        "issued before the agreement": {"issued_from": (TODAY + timedelta(days=1)).isoformat()},
        "agreed for one place": {"scope": {"name": "呼和浩特市", "region": "150100"}},
    }
    for name, conditions in agreed.items():
        take_in(world.anchor, c, conditions)
        hand_out(world.anchor, world.a)
        found[name] = world.file(c, good)
    take_in(world.anchor, c)
    for name, day in (("member suspended later", 1), ("member suspended at the day of issue", 0)):
        draft = suspend(world.anchor.draft(CONDITIONS), c.code, TODAY + timedelta(days=day))
        world.anchor.keep(draft)
        hand_out(world.anchor, world.a)
        found[name] = world.file(c, good)
    draft = world.anchor.draft(CONDITIONS)
    member = replace(draft.member(c.code), since=TODAY + timedelta(days=1))
    others = tuple(one for one in draft.members if one.code != c.code)
    world.anchor.keep(replace(draft, members=(*others, member)))
    hand_out(world.anchor, world.a)
    found["region not yet accepted at the day of issue"] = world.file(c, good)
    return found


def _recorded_answer(world: World, certificate: Certificate) -> bytes:
    """A true answer as somebody on the line could have recorded it."""
    import httpx

    url = f"http://127.0.0.1:{world.b.port}/api/v1/answers"
    question = {"nonce": "0123456789abcdef0123", "code": certificate.code}
    return httpx.post(url, json=question, trust_env=False).content


def _forged_answer(region: Region, body: bytes, certificate: Certificate) -> bytes:
    return _signed_answer(region, body, certificate, ServiceKey.generate())


def _own_answer(region: Region, body: bytes, certificate: Certificate, hours: int) -> bytes:
    return _signed_answer(region, body, certificate, open_authority(region.home).service, hours)


def _signed_answer(
    region: Region, body: bytes, certificate: Certificate, key: ServiceKey, hours: int = 0
) -> bytes:
    from registry.recognition.answering import ANSWER_TYPE
    from signing.credential.token import sign

    payload = {
        "iat": int((now() + timedelta(hours=hours)).timestamp()),
        "iss": region.code,
        "nonce": json.loads(body)["nonce"],
        "found": True,
        "state": "valid",
        "number": certificate.number,
        "credential": certificate.credential,
    }
    return json.dumps({"token": sign(payload, key, ANSWER_TYPE)}).encode()


def _spoil_lists(folder: Path) -> None:
    for path in folder.glob("*.jwt"):
        path.unlink()


def _stale_list(world: World, status: StatusStore) -> None:
    """A true list of the region, two days old."""
    from registry.certificates.status_lists import status_list

    with Register.open(world.b.home) as register:
        old = status_list(register, 1, open_authority(world.b.home).service, now() - timedelta(days=2))
    member = Members(world.a.home).others(world.a.code)[0]
    assert member.code == world.b.code
    status.keep(member, old.token)


def _rotate(region: Region) -> None:
    """A new service key signs from now on; the old one stays for what it signed."""
    folder = region.home.keys
    ring = read_ring(folder)
    entry = new_service_key(folder, "service-2", now() - timedelta(minutes=1))
    retired = ring.services[0].model_copy(update={"retired": now() - timedelta(minutes=1)})
    write_ring(folder, ring.model_copy(update={"services": (retired, entry)}))
    assert open_authority(region.home).service.kid != ServiceKey.open(folder / "service-1.key.pem").kid
