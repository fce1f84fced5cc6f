"""The child that does long work: `python -m web.office.worker HOME WORK JOB ACT ACCOUNT PRINT`.

Progress goes to the jobs table, so that any page of any server shows it; a wish to cancel comes back the same way.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

from app.documents import MakeDocuments, make_documents
from app.executors import Watch, executor_of
from app.issuing import IssueBatch, issue_batch
from core.errors import HouseError
from core.sentences import Sentence, stored
from core.settings import Home, write_atomically
from generator.documents.bundle import plan
from records.input.checking import check_file
from records.regulation.rules import apply_releases
from registry.errors import JobCancelled, JobNotDone
from registry.issuing.run import IssueReport
from registry.issuing.sources import Source
from registry.jobs import store as jobs
from registry.jobs.deferring import shared_out
from registry.jobs.store import JobState
from registry.log.events import Actor
from registry.register import Register
from registry.workspace import store
from registry.workspace.files import workbooks
from registry.workspace.model import Act, Stage
from web.office.batch_view import Desk, open_desk, with_releases, workbook_in
from web.office.sharing import SharedOut
from web.settings import WebSettings

LIVE_CHUNK: Final = 50  # people per issuing transaction, small enough that progress is seen
EVERY: Final = 5  # documents per step of progress


class Run:
    """One job on one batch."""

    def __init__(self, register: Register, work_id: int, job_id: int, account: str) -> None:
        self.register = register
        self.desk: Desk = open_desk(register, work_id)
        self.job = job_id
        self.actor = Actor(account, "office", account)
        self.workers = register.home.section("web", WebSettings).office_jobs
        self.done = 0
        out = SharedOut(register, job_id)
        self.shared = shared_out(register.home)
        self.issuing = executor_of(
            register.home, Watch(self._issued, out.watch()), jobs=self.workers, chunk=LIVE_CHUNK
        )
        self.making = executor_of(register.home, Watch(follow=out.watch(counted=False)))

    def generate(self, *, for_print: bool) -> None:
        """Every document of the batch; drafts while something mandatory is wrong."""
        desk, draft = self.desk, bool(self.desk.mandatory)
        wanted = MakeDocuments(
            batch=desk.batch,
            out=desk.documents,
            photos=desk.folder,
            draft=draft,
            for_print=for_print,
            jobs=self.workers,
        )
        manifest = make_documents(self.register.home, wanted, self.making, step=self._step)
        more = {
            "documents": len(manifest.files),
            "draft": draft,
            "print": for_print,
            "problems": [f"{one.document} {one.name}：{one.message}" for one in manifest.problems],
            "sentences": [stored(one.message) for one in manifest.problems],
        }
        store.end_job(self.register, desk.work.id, Stage.GENERATED, more)
        jobs.finish(self.register, self.job, JobState.DONE)

    def issue(self) -> None:
        """Certificates for everybody who passed, from the very bytes that were uploaded."""
        desk, register = self.desk, self.register
        workbook = workbook_in(desk.folder)
        original = workbooks(register.home).get(desk.work.sha256)
        if workbook.read_bytes() != original:
            write_atomically(workbook, original)
        checked = check_file(workbook, register.home)
        batch = with_releases(checked.batch, store.releases_of(register, desk.work.id))
        findings = apply_releases(checked.findings, batch)
        source = Source(batch, findings, desk.folder, len(batch.passed), lambda: batch.applications)
        wanted = IssueBatch(source=source, path=workbook, out=desk.handover, actor=self.actor, approved=True)
        report = issue_batch(register, wanted, self.issuing)
        store.end_job(register, desk.work.id, Stage.ISSUED, _told(report))
        jobs.finish(register, self.job, JobState.DONE)

    def stopped(self, state: JobState) -> None:
        """Say that it was paused or cancelled, for this job and for the issuing run inside it."""
        jobs.finish(self.register, self.job, state)
        for one in jobs.listed(self.register):
            inside = one.kind == "issue" and one.subject == self.desk.work.number and one.runner == "local"
            if inside and one.state is JobState.RUNNING:
                jobs.finish(self.register, one.id, state)

    def _step(self) -> None:
        self.done += 1
        if self.done % EVERY:
            return
        if self.shared:
            jobs.note(self.register, self.job, "", self.done)  # the follower heeds wishes
        else:
            jobs.advance(self.register, self.job, self.done, 0)

    def _issued(self, count: int) -> None:
        self.done += count
        jobs.advance(self.register, self.job, self.done, 0)


def total_of(desk: Desk, act: Act) -> int:
    """How many things a job deals with."""
    return len(plan(desk.batch)) if act is Act.GENERATE else len(desk.batch.passed)


def _told(report: IssueReport) -> dict[str, Any]:
    people = (*report.left_out, *report.waiting)
    left = [f"{one.application_number}：{'；'.join(one.reasons)}" for one in people]
    return {
        "issued": report.issued,
        "already": report.already,
        "left_out": left,
        "reasons": [[stored(reason) for reason in one.reasons] for one in people],
        "changed": report.changed,
    }


def main(home: str, work: str, job: str, act: str, account: str, for_print: str) -> None:
    """Do one job; whatever ends it is written to the jobs table."""
    with Register.open(Home(Path(home))) as register:
        run = Run(register, int(work), int(job), account)
        try:
            if act == Act.GENERATE:
                run.generate(for_print=for_print == "1")
            else:
                run.issue()
        except JobCancelled as error:
            run.stopped(JobState(str(error.data["state"])))
        except JobNotDone as error:  # the workers' job has stopped; it may have been by this job's wish
            state = JobState(str(error.data["state"]))
            jobs.finish(register, run.job, state, error.sentence() if state is JobState.FAILED else "")
        except HouseError as error:
            jobs.finish(register, run.job, JobState.FAILED, error.sentence())
        except Exception as error:
            detail = f"{type(error).__name__}: {error}"
            jobs.finish(
                register, run.job, JobState.FAILED, Sentence.of("web", "office.job_broken", detail=detail)
            )
            json.dump({"error": repr(error)}, sys.stderr)
            raise SystemExit(3) from error


if __name__ == "__main__":
    main(*sys.argv[1:7])
