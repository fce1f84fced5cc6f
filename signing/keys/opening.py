"""Opening a key: load it, then check pair, usage, validity and chain once."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, unquote

from signing.errors import KeyUnreadable
from signing.keys.checks import PURPOSES, check_chain, check_usage, check_validity
from signing.keys.files import open_pem, open_pkcs12
from signing.keys.interface import SigningKey
from signing.keys.passphrase import Passphrase
from signing.keys.source import KeySource, PemSource, Pkcs12Source, TokenSource


def open_key(
    source: KeySource, at: datetime | None = None, purpose: Literal["document", "timestamp"] = "document"
) -> SigningKey:
    """Open and check a key; `at` is the moment of signing, by default now.

    Raises:
        KeyTrouble: any of its kinds; see `signing.errors`.
    """
    moment = at or datetime.now(UTC)
    key = _load(_resolved(source))
    try:
        check_usage(key.certificate, PURPOSES[purpose])
        check_validity(key.certificate, moment)
        check_chain(key.chain, moment)
    except BaseException:
        key.close()
        raise
    return key


def parse_source(text: str, unlock: str = "none", base: Path | None = None) -> KeySource:
    """A key's description as settings and commands write it.

    `pkcs12:PATH`, `pem:KEY,CERTIFICATES` or `pkcs11:MODULE?token=NAME&object=LABEL[&certificates=PATH]`; relative
    paths start at `base`. `unlock`, where the pass phrase comes from, is `none`, `prompt`, `env:NAME` or `file:PATH`.

    Raises:
        KeyUnreadable: the text has none of these forms.
    """
    kind, _, rest = text.partition(":")
    secret = Passphrase(unlock)
    root = base or Path()
    match kind:
        case "pkcs12" if rest:
            return Pkcs12Source(root / rest, secret)
        case "pem" if rest.count(",") == 1:
            key, certificates = rest.split(",")
            return PemSource(root / key, root / certificates, secret)
        case "pkcs11" if "?" in rest:
            return _parse_token(rest, secret, root)
        case _:
            raise KeyUnreadable(
                place=text, reason="pkcs12:PATH | pem:KEY,CERTIFICATES | pkcs11:MODULE?token=…"
            )


def _parse_token(rest: str, pin: Passphrase, root: Path) -> TokenSource:
    module, _, query = rest.partition("?")
    values = {name: found[-1] for name, found in parse_qs(query).items()}
    if not {"token", "object"} <= values.keys():
        raise KeyUnreadable(place=f"pkcs11:{rest}", reason="token= and object= are needed")
    certificates = values.get("certificates")
    return TokenSource(
        module=root / unquote(module),
        token=values["token"],
        label=values["object"],
        certificates=root / certificates if certificates else None,
        pin=pin,
    )


def _resolved(source: KeySource) -> KeySource:
    match source:
        case TokenSource():
            return replace(source, pin=source.pin.resolved())
        case _:
            return replace(source, passphrase=source.passphrase.resolved())


def _load(source: KeySource) -> SigningKey:
    match source:
        case Pkcs12Source():
            return open_pkcs12(source)
        case PemSource():
            return open_pem(source)
        case TokenSource():
            from signing.keys.token import open_token

            return open_token(source)
