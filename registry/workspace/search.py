"""Searching for people, certificates and batches: exact by ID number or name, never by parts of either."""

from dataclasses import dataclass

from sqlalchemy import select

from registry.database.schema import applications, batches, certificates
from registry.errors import CertificateUnknown
from registry.model import Certificate
from registry.register import Register
from registry.workspace.model import WorkBatch
from registry.workspace.store import listed

MOST = 50


@dataclass(frozen=True, slots=True)
class Person:
    """An application in the register, with the certificates that came of it."""

    name: str
    application_number: str
    batch_number: str
    certificates: tuple[Certificate, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What one search brought; at most `MOST` people."""

    people: tuple[Person, ...]
    certificate: Certificate | None
    batches: tuple[WorkBatch, ...]

    @property
    def nothing(self) -> bool:
        """Whether it brought nothing at all."""
        return not self.people and self.certificate is None and not self.batches


def search(register: Register, wanted: str) -> Found:
    """Whatever has exactly this name, ID number, certificate number, code, or batch number."""
    text = wanted.strip()
    if not text:
        return Found((), None, ())
    return Found(_people(register, text), _certificate(register, text), listed(register, number=text))


def _people(register: Register, text: str) -> tuple[Person, ...]:
    index = register.vault.index(text) if any(one.isdigit() for one in text) else None
    same = applications.c.identity_index == index if index else applications.c.name == text
    wanted = (
        select(applications.c.id, applications.c.name, applications.c.number, batches.c.number.label("batch"))
        .join_from(applications, batches)
        .where(same)
        .order_by(applications.c.id.desc())
        .limit(MOST)
    )
    with register.database.read() as connection:
        rows = connection.execute(wanted).all()
        ids = select(certificates.c.id, certificates.c.application_id).where(
            certificates.c.application_id.in_([row.id for row in rows])
        )
        held = {row.id: row.application_id for row in connection.execute(ids)}
    found = register.lookup.by_ids(tuple(held))
    return tuple(
        Person(
            row.name,
            row.number,
            row.batch,
            tuple(found[one] for one in sorted(held) if held[one] == row.id),
        )
        for row in rows
    )


def _certificate(register: Register, text: str) -> Certificate | None:
    try:
        return register.lookup.find(text)
    except CertificateUnknown:
        return None
