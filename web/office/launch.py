"""Starting long work in a child process and noticing when that process ends without a word."""

import subprocess
import sys
import threading

from core.sentences import Sentence
from registry.accounts.model import Account
from registry.register import Register
from registry.workspace import store
from registry.workspace.model import Act
from web.office.batch_view import Desk
from web.office.upload import ROOT, environment
from web.office.worker import total_of

FOR_PRINT = "print"


def launch(register: Register, desk: Desk, act: Act, account: Account, *, for_print: bool = False) -> int:
    """Begin a job on a batch; returns the job's id.

    Raises:
        StepNotPossible, SamePerson, WorkBusy: the batch does not allow it now, or not to this person.
    """
    content = FOR_PRINT if for_print else None
    job_id = store.start_job(register, desk.work.id, act, account, total_of(desk, act), content)
    root, work = str(register.home.root), str(desk.work.id)
    arguments = [root, work, str(job_id), str(act), account.name, "1" if for_print else "0"]
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "web.office.worker", *arguments],
        env=environment(),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    threading.Thread(target=_await, args=(register, process, job_id), daemon=True).start()
    return job_id


def _await(register: Register, process: "subprocess.Popen[bytes]", job_id: int) -> None:
    """A process that was killed cannot say so itself."""
    process.wait()
    store.fail_lost(register, job_id, Sentence.of("web", "office.job_lost"))
