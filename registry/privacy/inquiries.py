"""被查询记录: who looked a holder up, when and what for; noted only when the inquirer said who he is.

The holder sees every record of all his certificates. Records end after `[registry] inquiry_days`; nothing of them
goes into the log, which is for ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from registry.applications.errors import InquirerUnnamed
from registry.clock import now, stamp
from registry.database.schema import applications, certificates
from registry.database.service_tables import inquiries
from registry.model import Certificate
from registry.register import Register

MOST_NAME: Final = 100
MOST_PURPOSE: Final = 200
MOST_CODE: Final = 18  # GB 32100-2015
MOST_LISTED: Final = 500


class Channel(StrEnum):
    """Which way the inquirer came."""

    CODE = "code"
    FILE = "file"
    QUERY = "query"
    BULK = "bulk"
    REGION = "region"
    KEY = "key"

    @property
    def proved(self) -> bool:
        """Whether the organisation's name is more than its own word: a key of its own, or a region's."""
        return self in (Channel.KEY, Channel.REGION)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One look-up: when (UTC), of which certificate, by whom, what for. `organisation_code` may be empty."""

    at: str
    number: str
    title: str
    organisation: str
    organisation_code: str
    purpose: str
    channel: Channel


def note_inquiries(
    register: Register,
    looked_up: Sequence[Certificate],
    *,
    organisation: str,
    purpose: str,
    channel: Channel,
    organisation_code: str = "",
) -> int:
    """Record that an organisation looked certificates up; returns how many records were made.

    Records older than the retention end at the same time.

    Raises:
        InquirerUnnamed: name or purpose is empty, or one of them is too long.
    """
    name, aim, code = organisation.strip(), purpose.strip(), organisation_code.strip().upper()
    if not (0 < len(name) <= MOST_NAME and 0 < len(aim) <= MOST_PURPOSE and len(code) <= MOST_CODE):
        raise InquirerUnnamed(most_name=MOST_NAME, most_purpose=MOST_PURPOSE)
    moment = stamp(now())
    rows = [
        {
            "certificate_id": one.id,
            "at": moment,
            "organisation": name,
            "organisation_code": code,
            "purpose": aim,
            "channel": str(channel),
        }
        for one in looked_up
    ]
    if rows:
        with register.database.write() as connection:
            connection.execute(insert(inquiries), rows)
            _forget(connection, register)
    return len(rows)


def inquiries_of(register: Register, certificate: Certificate) -> tuple[Inquiry, ...]:
    """Who looked up any certificate of the same person, newest first; the newest 500 at most."""
    with register.database.read() as connection:
        person = select(applications.c.identity_index).where(applications.c.id == certificate.application_id)
        index = connection.execute(person).scalar()
        same = (
            applications.c.id == certificate.application_id
            if index is None
            else applications.c.identity_index == index
        )
        rows = connection.execute(
            select(inquiries, certificates.c.number)
            .join(certificates, certificates.c.id == inquiries.c.certificate_id)
            .join(applications, applications.c.id == certificates.c.application_id)
            .where(same, inquiries.c.at >= _oldest(register))
            .order_by(inquiries.c.at.desc(), inquiries.c.id.desc())
            .limit(MOST_LISTED)
        ).all()
    titles = register.lookup.by_ids(list({row.certificate_id for row in rows}))
    return tuple(
        Inquiry(
            at=row.at,
            number=row.number,
            title=titles[row.certificate_id].facts.title,
            organisation=row.organisation,
            organisation_code=row.organisation_code,
            purpose=row.purpose,
            channel=Channel(row.channel),
        )
        for row in rows
    )


def forget_inquiries(register: Register) -> int:
    """Delete the records that are older than the retention; returns how many."""
    with register.database.write() as connection:
        return _forget(connection, register)


def _forget(connection: Connection, register: Register) -> int:
    return connection.execute(delete(inquiries).where(inquiries.c.at < _oldest(register))).rowcount


def _oldest(register: Register) -> str:
    return stamp(now() - timedelta(days=register.settings.inquiry_days))
