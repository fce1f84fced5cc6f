"""The demonstration (演示): the whole main job on an invented batch, in one home folder, repeatable at will."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from cli.console import progress
from core.message import message
from core.settings import write_atomically
from demo.office import prepare_office
from web.errors import DemoFailed
from web.public.tour import SUMMARY_NAME, file_link
from web.settings import DEFAULT_PORT

if TYPE_CHECKING:
    from pathlib import Path

    from cli.console import Context
    from core.settings import Home
    from generator.documents.bundle import Manifest
    from records.input.checking import Checked
    from registry.issuing.run import IssueReport
    from registry.model import Certificate
    from registry.register import Register

SEED: Final = 20250822
RESULTS: Final = "demo"
WORKBOOK: Final = "输入/样例批次.xlsx"
DOCUMENTS: Final = "文书"
CERTIFICATES: Final = "证书"
TAMPERED: Final = "试一试/被改动一个字节的证书.pdf"
NEIGHBOUR: Final = "互认"
FOREIGN: Final = "试一试/不是证书的文件.pdf"
MID_FILE: Final = 0.5
WORKERS: Final = 2
SHOWN_CERTIFICATES: Final = 40


@dataclass(frozen=True)
class Trial:
    """Something the visitor is invited to try."""

    label: str
    href: str
    note: str


def run_demo(ctx: Context, home: Home, *, people: int, port: int | None) -> Path:
    """Sample workbook → check → documents → certificates → verification; returns the folder of results.

    Raises:
        DemoFailed: a step did not do what it must (never hidden, never skipped).
        HouseError: the installation is not ready.
    """
    from registry.register import Register

    started = time.monotonic()
    home.create()
    _write_settings(home, port or DEFAULT_PORT)
    results = home.root / RESULTS
    ctx.say("web", "demo.heading")
    workbook = _workbook(ctx, results, people)
    checked = _check(ctx, home, workbook)
    manifest = _documents(ctx, home, checked, workbook, results / DOCUMENTS)
    with Register.open(home) as register:
        report = _issue(ctx, register, checked, workbook, results / CERTIFICATES)
        certificates = _certificates(register, report)
        _verify(ctx, register, certificates, results)
        said = _neighbour(ctx, home, register, results)
        prepare_office(ctx, register, results)
        summary = _summary(checked, certificates, manifest, results, said)
    write_atomically(results / SUMMARY_NAME, json.dumps(summary, ensure_ascii=False, indent=1).encode())
    ctx.say("web", "demo.took", seconds=time.monotonic() - started)
    ctx.say("web", "demo.where", path=results)
    return results


def _write_settings(home: Home, port: int) -> None:
    """A fresh demo home gets settings whose QR codes lead to this very site."""
    if not home.config.exists():
        text = f'[registry]\npublic_url = "http://127.0.0.1:{port}"\n\n[web]\nport = {port}\n'
        write_atomically(home.config, text.encode())


def _workbook(ctx: Context, results: Path, people: int) -> Path:
    from records.input.workbook import write_batch
    from records.sample import sample_batch, write_photos

    path = results / WORKBOOK
    path.parent.mkdir(parents=True, exist_ok=True)
    batch = sample_batch(people, SEED)
    write_batch(batch, path)
    write_photos(batch, path.parent)
    ctx.say("web", "demo.workbook", people=people)
    return path


def _check(ctx: Context, home: Home, workbook: Path) -> Checked:
    from app.checking import check_batch
    from records.batch.model import Severity

    checked = check_batch(home, workbook)
    counts = {level: sum(one.severity is level for one in checked.findings) for level in Severity}
    ctx.say(
        "web",
        "demo.checked",
        mandatory=counts[Severity.MANDATORY],
        principle=counts[Severity.PRINCIPLE],
        hints=counts[Severity.HINT],
    )
    if checked.blocking:
        raise DemoFailed(step="check", reason=checked.blocking[0].message)
    return checked


def _documents(ctx: Context, home: Home, checked: Checked, workbook: Path, out: Path) -> Manifest:
    from app.documents import MakeDocuments, make_documents
    from app.executors import Here

    wanted = MakeDocuments(batch=checked.batch, out=out, photos=workbook.parent, jobs=WORKERS)
    with progress(message("web", "demo.documents_label", ctx.lang), 0) as bar:
        task = bar.task_ids[0]
        manifest = make_documents(
            home,
            wanted,
            Here(),
            started=lambda total: bar.update(task, total=total),
            step=lambda: bar.advance(task),
        )
    if manifest.problems:
        raise DemoFailed(step="generate", reason=manifest.problems[0].message)
    pages = sum(entry.pages or 0 for entry in manifest.files)
    ctx.say("web", "demo.documents", files=len(manifest.files), pages=pages)
    return manifest


def _issue(ctx: Context, register: Register, checked: Checked, workbook: Path, out: Path) -> IssueReport:
    from app.executors import Here, Watch
    from app.issuing import IssueBatch, issue_batch
    from registry.issuing.sources import Source
    from registry.log.events import Actor

    batch = checked.batch
    source = Source(batch, checked.findings, workbook.parent, len(batch.passed), lambda: batch.applications)
    actor = Actor(message("web", "demo.actor", ctx.lang), channel="demo")
    wanted = IssueBatch(source=source, path=workbook, out=out, actor=actor)
    with progress(message("web", "demo.certificates_label", ctx.lang), source.passed) as bar:
        task = bar.task_ids[0]
        report = issue_batch(register, wanted, Here(Watch(lambda count: bar.advance(task, count))))
    left = report.not_passed + len(report.left_out)
    ctx.say("web", "demo.issued", issued=report.issued, existing=report.already, left=left)
    if undone := [*report.left_out, *report.waiting]:
        raise DemoFailed(step="issue", reason=undone[0].reasons[0])
    return report


def _certificates(register: Register, report: IssueReport) -> list[Certificate]:
    listed = json.loads((report.out / "manifest.json").read_text("utf-8"))["files"]
    numbers = [entry["path"].rsplit("/", 1)[-1].removesuffix(".pdf") for entry in listed if _is_pdf(entry)]
    return [register.lookup.find(number) for number in numbers]


def _is_pdf(entry: dict[str, Any]) -> bool:
    return bool(entry["format"] == "pdf" and entry["path"].startswith("certificates/"))


def _verify(ctx: Context, register: Register, certificates: list[Certificate], results: Path) -> None:
    """One original, the same with one byte changed, and one document that is no certificate."""
    from registry.verification.answers import Verdict
    from registry.verification.verifier import Verifier

    verifier = Verifier(register)
    original = _file_of(results, certificates[0]).read_bytes()
    place = int(len(original) * MID_FILE)
    tampered = original[:place] + bytes([original[place] ^ 1]) + original[place + 1 :]
    write_atomically(results / TAMPERED, tampered)
    notice = next(iter(sorted((results / DOCUMENTS).rglob("*.pdf"))))
    write_atomically(results / FOREIGN, notice.read_bytes())
    verdicts = [verifier.verify_file(data).verdict for data in (original, tampered)]
    if verdicts != [Verdict.GENUINE, Verdict.TAMPERED]:
        raise DemoFailed(step="verify", reason="、".join(map(str, verdicts)))
    names = [message("web", f"headlines.{verdict}", ctx.lang) for verdict in verdicts]
    ctx.say("web", "demo.verified", genuine=names[0], tampered=names[1])


def _neighbour(ctx: Context, home: Home, register: Register, results: Path) -> dict[str, str]:
    """The second region: its certificates recognised, limited, refused, and with its site switched off."""
    from demo.second_region import check_neighbour, make_neighbour

    neighbour = make_neighbour(home)
    said = check_neighbour(home, register, neighbour, results / NEIGHBOUR)
    for name, sentence in said.items():
        ctx.say("web", f"demo.neighbour_{name}", sentence=sentence)
    return said


def _file_of(results: Path, certificate: Certificate) -> Path:
    return results / CERTIFICATES / "certificates" / f"{certificate.number}.pdf"


def _summary(
    checked: Checked,
    certificates: list[Certificate],
    manifest: Manifest,
    results: Path,
    said: dict[str, str],
) -> dict[str, Any]:
    first = certificates[0]
    addresses = {
        "page": f"/v/{first.code}",
        "certificate": file_link(f"{CERTIFICATES}/certificates/{first.number}.pdf"),
        "tampered": file_link(TAMPERED),
        "foreign": file_link(FOREIGN),
        "workbook": file_link(WORKBOOK),
    }
    trials = [
        Trial(message("web", f"trials.{key}.label"), href, message("web", f"trials.{key}.note"))
        for key, href in addresses.items()
    ]
    trials += [
        Trial(message("web", f"trials.{name}.label"), f"/demo/verify/{NEIGHBOUR}/{name}.pdf", said[name])
        for name in ("usable", "limited", "revoked")
    ]
    trials.append(Trial(message("web", "trials.regions.label"), "/regions", said["offline"]))
    return {
        "batch": checked.batch.committee.name or checked.batch.number,
        "people": len(checked.batch.applications),
        "passed": len(checked.batch.passed),
        "documents": len(manifest.files),
        "folder": str(results),
        "trials": [asdict(trial) for trial in trials],
        "certificates": [_entry(one) for one in certificates[:SHOWN_CERTIFICATES]],
    }


def _entry(certificate: Certificate) -> dict[str, str]:
    return {
        "name": certificate.facts.name,
        "title": certificate.facts.title,
        "number": certificate.number,
        "href": file_link(f"{CERTIFICATES}/certificates/{certificate.number}.pdf"),
        "page": f"/v/{certificate.code}",
        "state": str(certificate.state),
    }
