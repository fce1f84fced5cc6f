"""Reissue (更正换发): corrected facts give the next VERSION of the licence under a new certificate number.

The old certificate is superseded and points to the new one; its number is never used again (换发新号并记原号). Like
issuing, a reissue that died half-way goes on with the number that was reserved for it.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update

from records.batch.model import Application
from records.input.checking import POLICY_FOLDER
from records.input.photos import PhotoFolder
from records.regulation.policy import home_policy
from registry.certificates.lifecycle import Grounds, Move, locked, supersede
from registry.certificates.status_positions import COUNTER as STATUS_COUNTER
from registry.certificates.status_positions import position
from registry.clock import local_day, now, stamp
from registry.database.schema import applications, numbers
from registry.errors import ApplicationMissing, BatchHeadChanged, NothingChanged
from registry.identifiers import new_code
from registry.issuing.batches import register_batch
from registry.issuing.delivery import FOLDER
from registry.issuing.licence_id import parse
from registry.issuing.numbering import take
from registry.issuing.press_maker import certificate_maker
from registry.issuing.produce import MakerFactory, PressRoom, check_pressed
from registry.issuing.registration import insert_certificates
from registry.issuing.reservation import NUMBER_COUNTER
from registry.issuing.sources import Source
from registry.issuing.types import Candidate, Order, Slot, candidate, kept_facts
from registry.log.clock_guard import require_clock
from registry.model import Certificate
from registry.privacy.field_encryption import sealed_place
from registry.register import Register
from signing.authority.opening import open_authority


def reissue(
    register: Register,
    reference: str,
    source: Source,
    out: Path,
    grounds: Grounds,
    *,
    factory: MakerFactory = certificate_maker,
) -> Certificate:
    """Correct a certificate from the batch's corrected data; returns the old one, now superseded.

    Raises:
        CertificateUnknown, ImpossibleMove: there is no such certificate, or it is not valid.
        ApplicationMissing: the batch file lacks this person.
        NothingChanged: the data say what the certificate says already.
    """
    old = register.lookup.find(reference)
    application = _application(register, old, source)
    with home_policy(register.home.root / POLICY_FOLDER):
        one = candidate(application, source.batch, PhotoFolder(source.folder) if source.folder else None)
    sample = open_authority(register.home).demo
    require_clock(register)
    moment = now()
    facts = kept_facts(one, local_day(moment), sample=sample)
    _refuse_same(old, kept_facts(one, local_day(moment), sample=old.facts.sample).to_json())
    if register_batch(register, source.batch, grounds.actor) != old.batch_id:
        raise BatchHeadChanged(number=source.batch.number, fields="number")
    slot = _reserve(register, old, one)
    order = Order(slot, one.facts, facts, stamp(moment), register.verification_url(slot.code), one.photo)
    room = PressRoom(lambda: factory(register.home), register.storage)
    (pressed,) = room.press([order])
    made = check_pressed(pressed)
    with register.database.write() as connection:
        present = locked(connection, register, old.number, Move.REISSUE)
        _correct_person(connection, register, present, one)
        insert_certificates(register, connection, [made], grounds.actor)
        supersede(register, connection, present, slot.number, Move.REISSUE, grounds)
    target = out / FOLDER / f"{slot.number}.pdf"
    target.parent.mkdir(parents=True, exist_ok=True)
    register.storage.hand_out(made.sha256, str(target))
    return register.lookup.find(old.number)


def _application(register: Register, old: Certificate, source: Source) -> Application:
    with register.database.read() as connection:
        number = connection.execute(
            select(applications.c.number).where(applications.c.id == old.application_id)
        ).scalar_one()
    found = next((one for one in source.applications() if one.number == number and one.passed), None)
    if found is None:
        raise ApplicationMissing(application_number=number)
    return found


def _refuse_same(old: Certificate, facts: str) -> None:
    """Same facts but for the day of issue: nothing to correct."""
    from registry.model import Facts

    new = Facts.from_json(facts)
    names = [name for name in Facts.__slots__ if name != "issued_on"]
    if all(getattr(new, name) == getattr(old.facts, name) for name in names):
        raise NothingChanged(number=old.number)


def _reserve(register: Register, old: Certificate, one: Candidate) -> Slot:
    """Reserve the next version's number, or find the one that an interrupted run has reserved."""
    with register.database.write() as connection:
        locked(connection, register, old.number, Move.REISSUE)
        held = connection.execute(
            select(numbers)
            .where(numbers.c.application_id == old.application_id, numbers.c.version == old.version + 1)
            .order_by(numbers.c.attempt.desc())
            .limit(1)
        ).one_or_none()
        if held is None or held.series != one.series.name:
            row = _row(connection, register, old, one, held.attempt + 1 if held else 1)
            held = connection.execute(insert(numbers).values(**row).returning(numbers)).one()
    return Slot(
        id=held.id,
        application_id=old.application_id,
        batch_id=old.batch_id,
        version=held.version,
        number=held.number,
        code=held.code,
        licence_id=held.licence_id,
        list_id=held.list_id,
        list_position=held.list_position,
        predecessor=old.number,
    )


def _row(
    connection: Connection, register: Register, old: Certificate, one: Candidate, attempt: int
) -> dict[str, Any]:
    taken = take(connection, [NUMBER_COUNTER, STATUS_COUNTER, one.series.name])
    list_id, list_position = position(taken[STATUS_COUNTER][0], register.vault.list_key)
    serial = taken[one.series.name][0]
    return {
        "id": taken[NUMBER_COUNTER][0],
        "application_id": old.application_id,
        "version": old.version + 1,
        "attempt": attempt,
        "series": one.series.name,
        "serial": serial,
        "number": one.series.number(one.way, serial),
        "code": new_code(),
        "licence_id": str(parse(old.licence_id).next_version()),
        "list_id": list_id,
        "list_position": list_position,
        "reserved_at": stamp(now()),
    }


def _correct_person(connection: Connection, register: Register, old: Certificate, one: Candidate) -> None:
    """Look-up by name and ID number must find the corrected person."""
    row_id, vault = old.application_id, register.vault
    connection.execute(
        update(applications)
        .where(applications.c.id == row_id)
        .values(
            name=one.facts.name,
            identity_sealed=vault.seal(one.identity_number, sealed_place("identity", row_id)),
            identity_index=vault.index(one.identity_number),
            phone_sealed=vault.seal(one.phone, sealed_place("phone", row_id)),
        )
    )
