"""Erasing a person: what goes, what stays and why, and that the register is sound afterwards."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from registry_helpers import ACTOR, GROUNDS, issue_blank, rows
from sqlalchemy import update

from registry.applications.errors import PersonUnknown
from registry.applications.misconduct import Dishonesty, Subject
from registry.applications.progress import note_batch
from registry.audit.checks import check_register
from registry.certificates import lifecycle
from registry.clock import local_day, now
from registry.database.schema import applications
from registry.privacy.erasing import Kept, Removed, erase_person
from registry.privacy.inquiries import Channel, inquiries_of, note_inquiries
from signing.authority.opening import open_authority
from zhicheng import cli

if TYPE_CHECKING:
    from pathlib import Path

    from core.settings import Home
    from records.batch.model import Batch
    from registry.model import Certificate
    from registry.register import Register


@pytest.fixture
def person(register: Register, batch: Batch, tmp_path: Path) -> tuple[Certificate, str]:
    """A certificate whose holder was looked up, has a telephone and follows his progress; and his ID number."""
    issue_blank(register, batch, tmp_path / "out")
    note_batch(register, batch)
    certificate = register.lookup.by_id(1)
    assert certificate
    note_inquiries(register, [certificate], organisation="某医院", purpose="招聘", channel=Channel.CODE)
    with register.database.write() as connection:
        phone = register.vault.seal("00000000000", f"applications.phone:{certificate.application_id}")
        own = applications.c.id == certificate.application_id
        connection.execute(update(applications).where(own).values(phone_sealed=phone))
        sealed = connection.execute(applications.select().where(own)).one().identity_sealed
    identity = register.vault.unseal(sealed, f"applications.identity:{certificate.application_id}")
    assert identity
    return certificate, identity


def application(register: Register, certificate: Certificate) -> tuple[object, ...]:
    """What the register holds of the person, sealed or not."""
    columns = "name, identity_sealed, identity_index, phone_sealed"
    sql = f"SELECT {columns} FROM applications WHERE id = {certificate.application_id}"
    return rows(register, sql)[0]


def sound(register: Register) -> bool:
    return not check_register(register, open_authority(register.home).keyset).problems


def test_a_plan_changes_nothing(register: Register, person: tuple[Certificate, str]) -> None:
    """It says the same as the deed."""
    certificate, identity = person
    before = application(register, certificate)
    planned = erase_person(register, identity, ACTOR, plan=True)
    assert application(register, certificate) == before
    assert erase_person(register, identity, ACTOR) == planned


def test_a_holder_in_force_keeps_certificate_and_number(
    register: Register, person: tuple[Certificate, str]
) -> None:
    """Telephone, look-ups and progress go; the ID number is needed to match the certificate with its holder."""
    certificate, identity = person
    done = erase_person(register, identity, ACTOR, "申请1号")
    assert set(done.removed) == {Removed.PHONES, Removed.INQUIRIES, Removed.PROGRESS}
    assert {Kept.CERTIFICATES, Kept.IDENTITY_IN_FORCE} <= set(done.kept)
    _, sealed, index, phone = application(register, certificate)
    assert sealed is not None
    assert index is not None
    assert phone is None
    assert inquiries_of(register, certificate) == ()
    assert register.lookup.query(certificate.facts.name, identity)
    assert sound(register)
    again = erase_person(register, identity, ACTOR)
    assert again.removed == {}


def test_after_the_end_the_number_goes_but_not_within_the_archive_period(
    register: Register, person: tuple[Certificate, str]
) -> None:
    """A running entry of the integrity archive holds the number; after three years it goes, the certificate stays."""
    certificate, identity = person
    day = local_day(now())
    entry = Dishonesty(Subject.APPLICANT, "某人", identity, "伪造", "第七十二条", "撤销", day)
    lifecycle.revoke(register, certificate.number, GROUNDS, entry)
    done = erase_person(register, identity, ACTOR)
    assert Kept.IDENTITY_IN_ARCHIVE in done.kept
    assert Removed.IDENTITIES not in done.removed
    assert application(register, certificate)[1] is not None


def test_a_number_without_any_reason_to_stay_goes(
    register: Register, person: tuple[Certificate, str]
) -> None:
    """The revoked certificate is still verifiable; nobody finds the person by ID number any more."""
    certificate, identity = person
    lifecycle.revoke(register, certificate.number, GROUNDS)
    done = erase_person(register, identity, ACTOR)
    assert done.removed[Removed.IDENTITIES] == 1
    assert application(register, certificate)[1:] == (None, None, None)
    assert register.lookup.query(certificate.facts.name, identity) == ()
    assert register.lookup.by_code(certificate.code)
    assert sound(register)
    (leaf,) = rows(register, "SELECT leaf, detail FROM events WHERE kind = 'erased'")
    assert all(text not in str(leaf) for text in (identity, certificate.facts.name))
    with pytest.raises(PersonUnknown):
        erase_person(register, identity, ACTOR)


def test_the_command_explains_itself(home: Home, register: Register, person: tuple[Certificate, str]) -> None:
    """The number may be typed at a prompt; every item has its reason; an unknown person is exit 1."""
    certificate, identity = person
    command = ["--home", str(home.root), "account", "erase-person"]
    result = CliRunner().invoke(cli, [*command, "--plan"], input=f"{identity}\n")
    assert result.exit_code == 0
    assert "细则" not in result.output.splitlines()[1]
    assert "证书所载内容" in result.output
    assert identity not in result.output
    result = CliRunner().invoke(cli, [*command, "--id-number", identity, "--json"])
    document = json.loads(result.output)
    assert {one["code"] for one in document["removed"]} == {"phones", "inquiries", "progress"}
    assert application(register, certificate)[3] is None
    unknown = CliRunner().invoke(cli, [*command, "--id-number", "0", "--json"])
    assert (unknown.exit_code, json.loads(unknown.output)["error"]["code"]) == (1, "person_unknown")
