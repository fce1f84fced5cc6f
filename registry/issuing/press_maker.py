"""The real maker: the generator's press with the signing room's key and seal, one press per sealing authority."""

import hashlib
from collections.abc import Sequence
from typing import Final

from core.errors import HouseError
from core.reasons import refusal
from core.settings import Home
from generator.certificate.errors import PhotoUnusable
from generator.certificate.face.face import CertificateFace
from generator.certificate.face.loading import load_face
from generator.certificate.parts import IssueMarks
from generator.certificate.plan import make_plan
from generator.certificate.press import Press, Sheet
from generator.certificate.typesetting.freezing import Example
from registry.clock import now
from registry.issuing.produce import Made, make_one, tried
from registry.issuing.types import Order
from registry.settings import RegistrySettings
from registry.storage.protocol import FileBytes
from signing.authority.opening import DEMO_ORGANISATION, open_authority
from signing.credential.token import sign, sign_many
from signing.keys import TokenSource
from signing.pades.production import production
from signing.seal import Seal, round_seal, seal_from_file
from signing.settings import SigningSettings

CREDENTIAL_VERSION: Final = 1
Composed = tuple[Press, Sheet]


class PressMaker:
    """Makes signed certificates with the keys of one home.

    `face` is the layout, `extra` more members for every credential; both may be set before the first certificate.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._settings = home.section("signing", SigningSettings)
        self._region = home.section("registry", RegistrySettings)
        self._authority = open_authority(home)
        self._authority.require_valid(now())
        self._production = production(self._settings, self._authority)
        self.face = load_face(home_templates=home.templates)
        self.extra: dict[str, object] = {}
        self._presses: dict[str, Press] = {}
        self._service = self._authority.service

    @property
    def forkable(self) -> bool:
        """With a key file, yes; a token wants its library initialised anew in every process (PKCS #11)."""
        return not isinstance(self._authority.source, TokenSource)

    @property
    def overlap(self) -> int:
        """How many certificates may wait for a time-stamp authority at the same time."""
        return self._production.overlap

    @property
    def level(self) -> str:
        """The PAdES level of every file that is given back."""
        return self._production.level.value

    def credential(self, order: Order) -> str:
        """The signed facts, for a check without this register (机读凭证)."""
        return sign(self._payload(order), self._service)

    def _payload(self, order: Order) -> dict[str, object]:
        return {**credential_payload(order, self._region), **self.extra}

    def press(self, order: Order, credential: str) -> tuple[FileBytes, str]:
        """Press and sign; returns the file, whole or in parts, and its SHA-256.

        Raises:
            CertificateError, Undrawable: the person's texts do not fit or cannot be drawn, or the photo is unusable.
            KeyTrouble: the key cannot sign.
            TimestampFailed, RevocationInfoMissing: the certificate has to wait; nothing weaker is given back.
            LevelNotReached: a verifier would not grant the configured level.
        """
        with self._production.turn:
            press, sheet = self._composed(order, credential, _photo(order))
            pressed = press.finish(sheet, press.signature(sheet))
        if self._production.as_pressed:
            return pressed.parts, pressed.sha256
        data = self._production.finish(pressed.data)
        return data, hashlib.sha256(data).hexdigest()

    def press_all(self, orders: Sequence[Order]) -> list[Made | HouseError]:
        """A few certificates by one kind of work after another, where nobody has to be asked for a time-stamp.

        Raises:
            KeyTrouble: the key cannot sign.
        """
        if not self._production.as_pressed:
            return [make_one(self, order) for order in orders]
        credentials = sign_many(map(self._payload, orders), self._service)
        photos = [tried(_photo, order) for order in orders]
        together = zip(orders, credentials, photos, strict=True)
        sheets = [tried(self._composed, order, credential, photo) for order, credential, photo in together]
        signatures = [tried(_signature, one) for one in sheets]
        signed = zip(credentials, sheets, signatures, strict=True)
        return [tried(_finished, credential, sheet, signature) for credential, sheet, signature in signed]

    def _composed(self, order: Order, credential: str, photo: bytes | HouseError | None) -> Composed:
        if isinstance(photo, HouseError):
            raise photo
        slot = order.slot
        marks = IssueMarks(slot.number, slot.licence_id, slot.code, order.url, order.day, slot.predecessor)
        press = self._press(order.facts.authority, (order.face, marks))
        return press, press.compose(
            order.face, marks, signed_at=order.moment, credential=credential, photo=photo
        )

    def _press(self, authority: str, first: Example) -> Press:
        """The authority's press; what its first certificate shares with the others is frozen into the plan."""
        if authority not in self._presses:
            plan = make_plan(
                self.face,
                self._seal(authority),
                sample=self._authority.demo,
                home_templates=self._home.templates,
                like=[first],
            )
            self._presses[authority] = Press(plan, self._production.signer)
        return self._presses[authority]

    def _seal(self, authority: str) -> Seal:
        """The operator's own picture for his own seal; the round red seal for everybody else."""
        own = self._settings.organisation or self._authority.organisation
        if authority == own:
            return own_seal(self._home, self.face, self._settings, own, sample=self._authority.demo)
        return round_seal(authority, self._settings.seal_bottom_text, sample=self._authority.demo)


def _signature(composed: Composed | HouseError) -> bytes:
    if isinstance(composed, HouseError):
        raise composed
    press, sheet = composed
    return press.signature(sheet)


def _finished(credential: str, composed: Composed | HouseError, signature: bytes | HouseError) -> Made:
    if isinstance(composed, HouseError):
        raise composed
    if isinstance(signature, HouseError):
        raise signature
    press, sheet = composed
    pressed = press.finish(sheet, signature)
    return credential, pressed.parts, pressed.sha256


def _photo(order: Order) -> bytes | None:
    if not order.photo:
        return None
    try:
        with open(order.photo, "rb", buffering=0) as file:  # noqa: PTH123 - a path object costs as much as reading
            return file.read()
    except OSError as error:
        raise PhotoUnusable(reason=refusal(error)) from error


def own_seal(
    home: Home, face: CertificateFace, settings: SigningSettings, organisation: str, *, sample: bool
) -> Seal:
    """The operator's seal: the layout's picture, else that of the settings, else the round red one.

    Raises:
        SealUnusable, SealTextUndrawable: see `signing.seal`.
    """
    if face.seal.image:
        return seal_from_file(home.templates / "certificates" / face.seal.image, face.seal.width.mm)
    if settings.seal_image:
        return seal_from_file(home.root / settings.seal_image)
    return round_seal(organisation, settings.seal_bottom_text, sample=sample)


def preview_seal(home: Home, face: CertificateFace, authority: str) -> Seal:
    """The seal of an authority as a preview of a layout shows it; no key is made or opened for it.

    Raises:
        SealUnusable, SealTextUndrawable: see `signing.seal`.
    """
    settings = home.section("signing", SigningSettings)
    if authority == (settings.organisation or DEMO_ORGANISATION):
        return own_seal(home, face, settings, authority, sample=True)
    return round_seal(authority, settings.seal_bottom_text, sample=True)


def credential_payload(order: Order, settings: RegistrySettings) -> dict[str, object]:
    """What the machine-readable credential says; no whole ID number."""
    slot, facts = order.slot, order.facts
    return {
        "v": CREDENTIAL_VERSION,
        "iat": int(order.moment.timestamp()),
        "iss": settings.region_code,
        "code": slot.code,
        "number": slot.number,
        "licence_id": slot.licence_id,
        "url": order.url,
        "status": {"list": slot.list_id, "position": slot.list_position},
        "holder": {
            "name": facts.name,
            "sex": facts.sex,
            "birth": facts.birth,
            "identity_kind": facts.identity_kind,
            "identity_masked": facts.identity_masked,
            "employer": facts.employer,
        },
        "title": {
            "name": facts.title,
            "level": facts.level,
            "grade": facts.grade,
            "series": facts.series,
            "specialty": facts.specialty,
            "acquisition": facts.acquisition,
            "obtained_on": facts.obtained_on,
            "conferrer": facts.conferrer,
        },
        "authority": {"name": facts.authority, "region": facts.authority_region},
        "issued_on": facts.issued_on,
        "scope": {"kind": str(facts.scope), "name": facts.scope_name, "region": facts.scope_region},
        "sample": facts.sample,
    }


def certificate_maker(home: Home) -> PressMaker:
    """Factory of `PressMaker`, called once in every process that presses.

    Raises:
        KeyTrouble, FaceError: keys or layout of the home cannot be used.
        RevocationInfoMissing: a CRL file of the settings cannot be read.
    """
    return PressMaker(home)
