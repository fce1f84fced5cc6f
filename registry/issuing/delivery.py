"""What an issuing run hands over: `certificates/NUMBER.pdf`, the distribution list (领取码), `manifest.json`.

Everything is written as the run goes, so that memory stays flat, under a temporary name until it is complete.
"""

import csv
from collections.abc import Sequence
from json import JSONEncoder
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from core.message import message
from core.reasons import refusal
from core.settings import PRIVATE_MODE
from registry.errors import StoreNotWritable
from registry.issuing.text_sheet import TextSheet
from registry.model import Certificate
from registry.register import Register
from registry.storage import file_hash

FOLDER: Final = "certificates"
DOCUMENT: Final = "A801"  # 电子职称证书
LIST_DOCUMENT: Final = "A801-L"
LIST_NAME: Final = "distribution"
MANIFEST: Final = "manifest.json"
_COLUMNS: Final = (
    "index",
    "application",
    "name",
    "employer",
    "title_name",
    "number",
    "pickup",
    "url",
    "file",
)
_JSON: Final = JSONEncoder(ensure_ascii=False)
_WIDTHS: Final = (6, 16, 14, 32, 16, 24, 18, 38, 28)


class Handover:
    """The output folder of one issuing run."""

    def __init__(self, register: Register, out: Path, batch_number: str) -> None:
        self.register = register
        self.out = out
        self.batch_number = batch_number
        self.count = 0
        self._folder = out / FOLDER
        self._name = message("registry", "distribution.certificate")

    def __enter__(self) -> "Handover":
        with _writable():
            self._folder.mkdir(parents=True, exist_ok=True)
            self._list = _DistributionList(self.out, self.batch_number)
            self._manifest = _ManifestWriter(self.out / f".{MANIFEST}.partial", self.batch_number)
        return self

    def add(self, certificate: Certificate, application_number: str) -> None:
        """Hand one certificate over; its `sha256` is that of the file that is handed out now.

        Raises:
            StoredFileMissing: the store has lost its file.
            StoreNotWritable: the output folder cannot be written.
        """
        with _writable():
            storage = self.register.storage
            target = f"{self._folder}/{certificate.number}.pdf"
            if not storage.link(certificate.sha256, target) and not storage.holds(certificate.sha256, target):
                storage.hand_out(certificate.sha256, target)
            self.count += 1
            self._list.add(self._row(certificate, application_number))
            self._manifest.add(_entry(certificate, application_number, self._name))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del error, trace
        complete = kind is None
        with _writable():
            for entry in self._list.close(complete=complete):
                self._manifest.add(entry)
            self._manifest.close(self.out / MANIFEST, complete=complete)

    def _row(self, certificate: Certificate, application_number: str) -> tuple[str, ...]:
        pickup = self.register.vault.pickup_code(certificate.code, certificate.pickup_epoch)
        return (
            str(self.count),
            application_number,
            certificate.facts.name,
            certificate.facts.employer,
            certificate.facts.title,
            certificate.number,
            "-".join(pickup[i : i + 4] for i in range(0, len(pickup), 4)),
            self.register.verification_url(certificate.code),
            f"{FOLDER}/{certificate.number}.pdf",
        )


class _DistributionList:
    """The same list as XLSX (for the secretary) and CSV (for other software); both hold pick-up codes, so 0600."""

    def __init__(self, out: Path, batch_number: str) -> None:
        self._paths = {kind: out / f"{LIST_NAME}.{kind}" for kind in ("xlsx", "csv")}
        self._partials = {kind: out / f".{LIST_NAME}.partial.{kind}" for kind in self._paths}
        head = [message("registry", f"distribution.{column}") for column in _COLUMNS]
        title = message("registry", "distribution.sheet")
        heading = f"{message('registry', 'distribution.title')}　{batch_number}"
        self._sheet = TextSheet(self._partials["xlsx"], title, head, _WIDTHS, heading)
        self._partials["csv"].unlink(missing_ok=True)
        self._partials["csv"].touch(mode=PRIVATE_MODE)
        self._handle = self._partials["csv"].open("w", encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._handle)
        self._csv.writerow(head)

    def add(self, row: Sequence[str]) -> None:
        self._csv.writerow([_harmless(value) for value in row])
        self._sheet.add(row)

    def close(self, *, complete: bool) -> list[dict[str, Any]]:
        """Finish both files; a broken run leaves what an earlier one wrote."""
        self._handle.close()
        self._sheet.close()
        entries = []
        for kind, partial in self._partials.items():
            if not complete:
                partial.unlink()
                continue
            partial.replace(self._paths[kind])
            digest = file_hash(self._paths[kind])
            name = message("registry", "distribution.title")
            entries.append(_manifest_entry(self._paths[kind].name, LIST_DOCUMENT, name, None, kind, digest))
        return entries


def _harmless(value: str) -> str:
    """A CSV cell that no spreadsheet program takes for a formula."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


class _ManifestWriter:
    """Writes `manifest.json` entry by entry."""

    def __init__(self, partial: Path, batch_number: str) -> None:
        self._partial = partial
        self._handle = partial.open("w", encoding="utf-8")
        self._handle.write(f'{{"batch": {_JSON.encode(batch_number)}, "files": [')
        self._separator = "\n"

    def add(self, entry: dict[str, Any]) -> None:
        self._handle.write(self._separator + _JSON.encode(entry))
        self._separator = ",\n"

    def close(self, path: Path, *, complete: bool) -> None:
        self._handle.write("\n]}\n")
        self._handle.close()
        if complete:
            self._partial.replace(path)
        else:
            self._partial.unlink()


def _entry(certificate: Certificate, application_number: str, name: str) -> dict[str, Any]:
    path = f"{FOLDER}/{certificate.number}.pdf"
    return _manifest_entry(path, DOCUMENT, name, application_number, "pdf", certificate.sha256)


def _manifest_entry(
    path: str, document: str, name: str, person: str | None, form: str, sha256: str
) -> dict[str, Any]:
    printed = form == "pdf"
    return {
        "path": path,
        "document": document,
        "name": name,
        "person": person,
        "format": form,
        "paper": "A4" if printed else None,
        "pages": 1 if printed else None,
        "sha256": sha256,
        "audience": "internal" if printed else "confidential",
    }


class _writable:  # noqa: N801 - used like a function
    """Turns a full disk or a forbidden folder into the registry's own error."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del kind, trace
        if isinstance(error, OSError):
            raise StoreNotWritable(
                reason=" ".join(filter(None, (refusal(error), str(error.filename or ""))))
            ) from error
