"""Annotated copies (加注件): a certificate signed anew with purpose and expiry on its face, for one use.

A copy has its own verification code and file, is verified and withdrawn on its own, and falls with its certificate.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pikepdf
from sqlalchemy import Connection, insert, select

from core.message import message
from core.settings import Home
from generator.certificate.face.face import CertificateFace, Text
from generator.certificate.parts import CertificateFacts
from generator.layout.tree import Align, Role
from generator.layout.units import Length, Mm, Pt
from registry.certificates.lifecycle import Move, locked
from registry.clock import local_day, now, stamp
from registry.database.schema import copies
from registry.errors import CertificateUnknown, CopiesExhausted, CopyPeriodWrong
from registry.identifiers import new_code, normal_code
from registry.issuing.delivery import FOLDER
from registry.issuing.numbering import take
from registry.issuing.press_maker import PressMaker
from registry.issuing.produce import Maker, PressRoom, check_pressed
from registry.issuing.types import Order, Pressed, Slot
from registry.log.events import Actor, Kind, NewEvent, record
from registry.model import Certificate, Copy, Facts, ScopeKind, canonical
from registry.register import Register

MOST_DAYS: Final = 90
DEFAULT_DAYS: Final = 30
MOST_LIVE: Final = 3
COUNTER: Final = "#copy"


@dataclass(frozen=True, slots=True)
class Note:
    """What is printed on the copy."""

    purpose: str
    expires_on: date

    @property
    def text(self) -> str:
        """The line on the face; braces would be placeholders there."""
        purpose = self.purpose.replace("{", "｛").replace("}", "｝")
        return message("registry", "annotation.face", purpose=purpose, expires_on=self.expires_on.isoformat())


def annotate(
    register: Register,
    reference: str,
    purpose: str,
    out: Path,
    *,
    actor: Actor,
    expires_on: date | None = None,
    maker: Maker | None = None,
) -> tuple[Copy, Path]:
    """Make an annotated copy and write it to `out`; returns its row and its path.

    Raises:
        CertificateUnknown, ImpossibleMove: there is no such certificate, or it is not valid.
        CopyPeriodWrong: the last day is past or more than ninety days away.
        CopiesExhausted: three copies made within ninety days are still live.
    """
    note = Note(" ".join(purpose.split()), _last_day(expires_on))
    with register.database.write() as connection:
        certificate = locked(connection, register, reference, Move.ANNOTATE)
        _refuse_too_many(connection, certificate)
    order = _order(register, certificate)
    pressed = _press(register, certificate, order, maker or note_maker(register.home, note))
    with register.database.write() as connection:
        locked(connection, register, certificate.number, Move.ANNOTATE)
        _refuse_too_many(connection, certificate)
        _insert(register, connection, certificate, order, note, (pressed.sha256, pressed.size), actor)
    path = out / FOLDER / f"{certificate.number}-{order.slot.code[:6]}.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    register.storage.hand_out(pressed.sha256, str(path))
    return _copy(register, order.slot.code), path


def revoke_copy(register: Register, code: str, actor: Actor) -> Copy:
    """Withdraw a copy at once; harmless when it is withdrawn already.

    Raises:
        CertificateUnknown: there is no such copy.
    """
    copy = _copy(register, normal_code(code))
    if copy.revoked_at is None:
        moment = now()
        with register.database.write() as connection:
            held = connection.execute(
                select(copies.c.id)
                .where(copies.c.code == copy.code, copies.c.revoked_at.is_(None))
                .with_for_update()
            ).scalar()
            if held is not None:
                register.macs.renew(connection, copies, held, {"revoked_at": stamp(moment)})
                detail = {"actor": actor.as_dict(), "copy": copy.code}
                number, row_id = copy.certificate.number, copy.certificate.id
                record(
                    connection,
                    [NewEvent(Kind.COPY_REVOKED, number, detail, certificate_id=row_id)],
                    moment,
                )
    return _copy(register, copy.code)


def note_maker(home: Home, note: Note) -> Maker:
    """A press whose face carries the note."""
    maker = PressMaker(home)
    maker.face = with_note(maker.face, note)
    maker.extra = {"copy": {"purpose": note.purpose, "expires_on": note.expires_on.isoformat()}}
    return maker


def with_note(face: CertificateFace, note: Note) -> CertificateFace:
    """The face with the note as a red line above the title."""
    line = Text(
        id="annotation",
        content=note.text,
        x=Mm(40),
        y=Mm(23),
        width=Length(face.page.width - Mm(80)),
        height=Mm(6),
        role=Role.HEI,
        size=Pt(10.5),
        min_size=Pt(6),
        align=Align.CENTER,
        colour="red",
    )
    return face.model_copy(update={"texts": (*face.texts, line)})


def _press(register: Register, certificate: Certificate, order: Order, maker: Maker) -> Pressed:
    """Press with the portrait of the original, which only its file holds."""
    with tempfile.TemporaryDirectory() as folder:
        picture = photo_of(register.storage.get(certificate.sha256))
        if picture is not None:
            path = Path(folder) / "photo.jpg"
            path.write_bytes(picture)
            order = replace(order, photo=str(path))
        (outcome,) = PressRoom(lambda: maker, register.storage).press([order])
        return check_pressed(outcome)


def photo_of(data: bytes) -> bytes | None:
    """The portrait in a certificate of the press, as the JPEG that it is; None when there is none."""
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            pictures = pdf.pages[0].obj["/Resources"]["/XObject"]
            return bytes(pictures["/Photo"].read_raw_bytes())
    except (pikepdf.PdfError, IndexError, KeyError):
        return None


def _last_day(given: date | None) -> date:
    today = local_day(now())
    last = today + timedelta(days=MOST_DAYS)
    wanted = given or today + timedelta(days=DEFAULT_DAYS)
    if not today <= wanted <= last:
        raise CopyPeriodWrong(last=last.isoformat())
    return wanted


def _refuse_too_many(connection: Connection, certificate: Certificate) -> None:
    today, since = local_day(now()), now() - timedelta(days=MOST_DAYS)
    live = connection.execute(
        select(copies.c.id).where(
            copies.c.certificate_id == certificate.id,
            copies.c.revoked_at.is_(None),
            copies.c.expires_on >= today.isoformat(),
            copies.c.made_at >= stamp(since),
        )
    ).all()
    if len(live) >= MOST_LIVE:
        raise CopiesExhausted(number=certificate.number, most=MOST_LIVE)


def _order(register: Register, certificate: Certificate) -> Order:
    code = new_code()
    slot = Slot(
        id=certificate.id,
        application_id=certificate.application_id,
        batch_id=certificate.batch_id,
        version=certificate.version,
        number=certificate.number,
        code=code,
        licence_id=certificate.licence_id,
        list_id=certificate.list_id,
        list_position=certificate.list_position,
        predecessor=certificate.predecessor,
    )
    moment = now()
    facts = replace(certificate.facts, issued_on=local_day(moment).isoformat())
    return Order(slot, face_of(facts), facts, stamp(moment), register.verification_url(code), None)


def face_of(facts: Facts) -> CertificateFacts:
    """The facts for the press, out of those that the register keeps."""
    shared = {
        name: getattr(facts, name)
        for name in CertificateFacts.__slots__
        if name not in ("application_number", "obtained_on", "scope")
    }
    return CertificateFacts(
        **shared,
        application_number="",
        obtained_on=date.fromisoformat(facts.obtained_on),
        scope=facts.scope_name if facts.scope is ScopeKind.LEAGUE else None,
    )


def _insert(
    register: Register,
    connection: Connection,
    certificate: Certificate,
    order: Order,
    note: Note,
    file: tuple[str, int],
    actor: Actor,
) -> None:
    sha256, size = file
    row = {
        "id": take(connection, [COUNTER])[COUNTER][0],
        "certificate_id": certificate.id,
        "code": order.slot.code,
        "purpose": note.purpose,
        "made_at": order.issued_at,
        "expires_on": note.expires_on.isoformat(),
        "sha256": bytes.fromhex(sha256),
        "size": size,
    }
    connection.execute(insert(copies).values(**row, mac=register.macs.of(copies, row)))
    detail = {"actor": actor.as_dict(), "copy": order.slot.code}
    content = copy_content({**row, "sha256": sha256})
    event = NewEvent(Kind.ANNOTATED, certificate.number, detail, content, certificate.id)
    record(connection, [event], now())


COPY_COLUMNS: Final[Sequence[str]] = (
    "certificate_id",
    "code",
    "purpose",
    "made_at",
    "expires_on",
    "sha256",
    "size",
)


def copy_content(row: dict[str, Any]) -> str:
    """Canonical text of what a copy's row keeps unchangeably; `sha256` is hexadecimal."""
    return canonical([row[name] for name in COPY_COLUMNS])


def _copy(register: Register, code: str) -> Copy:
    found = register.lookup.copy_by_code(code)
    if found is None:
        raise CertificateUnknown(reference=code)
    return found
