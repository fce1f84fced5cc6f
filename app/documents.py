"""Make the documents of a batch (制作文书): one act for the command line, the workspace and the demonstration."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.errors import BatchRefused
from app.executors import Executor
from core.settings import Home
from generator.documents.bundle import FORMATS, Manifest, generate, plan
from generator.documents.context.cases import Cases, read_cases
from generator.documents.printing import print_sets
from records.batch.model import Batch, Finding
from records.input.checking import Checked


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeDocuments:
    """Which documents, in which formats, where; `draft` marks every page 草稿, `held` are people who must wait.

    `photos` is the folder that photo names refer to, `cases_file` the facts of special cases (情形文件).
    """

    batch: Batch
    out: Path
    photos: Path
    only: Sequence[str] = ()
    formats: Sequence[str] = FORMATS
    draft: bool = False
    for_print: bool = False
    cases_file: Path | None = None
    lang: str = "zh"
    jobs: int = 1
    held: Mapping[str, str] = field(default_factory=dict)


def held_people(checked: Checked) -> dict[str, str]:
    """People whose documents must wait, with the reason.

    A mandatory finding on the batch itself refuses everything; one on a person holds back what shows that person.

    Raises:
        BatchRefused: something mandatory is wrong with the batch as a whole.
    """
    blocking = blocking_findings(checked)
    if checked.blocking:
        raise BatchRefused(count=len(blocking))
    held: dict[str, list[str]] = {}
    for finding in blocking:
        held.setdefault(finding.application_number or "", []).append(f"{finding.rule} {finding.message}")
    return {number: "".join(reasons) for number, reasons in held.items()}


def blocking_findings(checked: Checked) -> tuple[Finding, ...]:
    """Mandatory findings that nobody released."""
    return tuple(one for one in checked.findings if one.blocks and not one.released_by)


def template_folders(home: Home) -> tuple[Path, ...]:
    """The operator's own template folder, when there is one."""
    own = home.templates / "documents"
    return (own,) if own.is_dir() else ()


def make_documents(
    home: Home,
    wanted: MakeDocuments,
    executor: Executor,
    *,
    started: Callable[[int], None] | None = None,
    step: Callable[[], None] = lambda: None,
) -> Manifest:
    """Make what is wanted and write `manifest.json`; repeating it overwrites the same files.

    `started` is told the number of documents, `step` is called after each.

    Raises:
        UnknownDocument, FormUnreadable, ConversionFailed, PolicyUnreadable: see `generator.documents.bundle.generate`.
        RunnerNotAvailable, JobNotDone: workers were asked for and cannot do it, or were stopped.
    """
    cases = _cases(wanted.cases_file)
    folders = template_folders(home)
    if started:
        total = plan(wanted.batch, only=wanted.only, formats=wanted.formats, cases=cases, held=wanted.held)
        started(len(total))
    with executor.documents(home, wanted.cases_file) as runner:
        manifest = generate(
            wanted.batch,
            wanted.out,
            only=wanted.only,
            formats=wanted.formats,
            jobs=wanted.jobs,
            force=wanted.draft,
            folders=folders,
            home=home,
            cases=cases,
            photos=wanted.photos,
            lang=wanted.lang,
            held=wanted.held,
            step=step,
            runner=runner,
        )
    if not wanted.for_print:
        return manifest
    return print_sets(
        wanted.batch,
        wanted.out,
        manifest,
        only=wanted.only,
        folders=folders,
        home=home,
        cases=cases,
        photos=wanted.photos,
        draft=wanted.draft,
    )


def _cases(path: Path | None) -> Cases | None:
    return read_cases(path) if path else None
