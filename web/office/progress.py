"""Live progress of long work: a page that survives reloading, server-sent events, JSON for polling, cancel."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from flask import Response, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from core.message import message
from core.sentences import Sentence
from registry.accounts.model import Role
from registry.clock import moment_of, now
from registry.jobs import store as jobs
from registry.jobs.store import Job, JobState
from registry.register import Register
from registry.workspace import store
from registry.workspace.model import Act
from web.http.languages import LANGUAGES, current_language
from web.http.problems import as_json
from web.office.access import RECORDS, account, allow, pages, register
from web.office.batch_view import open_desk
from web.office.launch import FOR_PRINT, launch

STREAM_SECONDS: Final = 20  # then the browser connects again; a thread is not held for ever
STREAM_STEP_S: Final = 0.5
MOST_STREAMS: Final = 3
KIND_PREFIX: Final = "office-"
LOST_AFTER: Final = timedelta(minutes=15)  # without a sign of life, e.g. after a power failure
_streams = threading.BoundedSemaphore(MOST_STREAMS)


@pages.get("/jobs/<int:job_id>")
@allow(RECORDS)
def job(job_id: int) -> str:
    """How far a job is."""
    found = _found(job_id)
    work = store.work_of_job(register(), job_id)
    if work is None:
        abort(404)
    owned = account().role is _owner(found)
    return render_template(
        "office/job.html",
        job=found,
        work=work,
        told=_told(found, current_language()),
        may_stop=owned and found.state is JobState.RUNNING,
        may_resume=owned and found.state is JobState.PAUSED and work.job_id == job_id,
        running=_running(found),
    )


@pages.get("/jobs/<int:job_id>/state")
@allow(RECORDS)
def job_state(job_id: int) -> Response:
    """The same for scripts that ask again and again."""
    return as_json(_told(_found(job_id), current_language()))


@pages.get("/jobs/<int:job_id>/events")
@allow(RECORDS)
def job_events(job_id: int) -> Response:
    """The same as a stream of events; refused when too many listen, then the script asks instead."""
    _found(job_id)
    if not _streams.acquire(blocking=False):
        return Response(status=204)
    response = Response(_stream(register(), job_id, current_language()), content_type="text/event-stream")
    response.call_on_close(_streams.release)
    response.headers["X-Accel-Buffering"] = "no"
    return response


@pages.post("/jobs/<int:job_id>/cancel")
@allow(Role.OPERATOR, Role.ISSUER)
def cancel(job_id: int) -> Answer:
    """Ask a job to stop after what it has in hand; what is done stays done."""
    jobs.request(register(), _own(job_id).id, JobState.CANCELLING)
    return redirect(url_for("office.job", job_id=job_id), 303)


@pages.post("/jobs/<int:job_id>/pause")
@allow(Role.OPERATOR, Role.ISSUER)
def pause(job_id: int) -> Answer:
    """Ask a job to rest after what it has in hand."""
    jobs.request(register(), _own(job_id).id, JobState.PAUSING)
    return redirect(url_for("office.job", job_id=job_id), 303)


@pages.post("/jobs/<int:job_id>/resume")
@allow(Role.OPERATOR, Role.ISSUER)
def resume(job_id: int) -> Answer:
    """Go on with a job that rests, under a new number; what is done is not done again.

    Raises:
        StepNotPossible, SamePerson, WorkBusy: the batch does not allow it any more, or not to this person.
    """
    found = _own(job_id)
    work = store.work_of_job(register(), job_id)
    if work is None or found.state is not JobState.PAUSED:
        abort(409)
    act = Act(found.kind.removeprefix(KIND_PREFIX))
    desk, for_print = open_desk(register(), work.id), found.content == FOR_PRINT
    again = launch(register(), desk, act, account(), for_print=for_print)
    return redirect(url_for("office.job", job_id=again), 303)


def _own(job_id: int) -> Job:
    """A job that the signed-in account may steer."""
    found = _found(job_id)
    if account().role is not _owner(found):
        abort(403)
    return found


def _owner(found: Job) -> Role:
    return Role.ISSUER if found.kind == f"{KIND_PREFIX}{Act.ISSUE}" else Role.OPERATOR


def _found(job_id: int) -> Job:
    found = store.job(register(), job_id)
    if found is None or not found.kind.startswith(KIND_PREFIX):
        abort(404)
    if _running(found) and now() - moment_of(found.changed_at) > LOST_AFTER:
        store.fail_lost(register(), job_id, Sentence.of("web", "office.job_lost"))
        return store.job(register(), job_id) or found
    return found


def _running(found: Job) -> bool:
    return found.state in store.UNDER_WAY


def _told(found: Job, lang: str) -> dict[str, Any]:
    note, spoken = found.note.in_words(lang)
    return {
        "state": str(found.state),
        "text": message("web", f"office.job_states.{found.state}", lang),
        "done": found.done,
        "total": found.total,
        "note": note,
        "note_lang": LANGUAGES[spoken].tag,
        "running": _running(found),
    }


def _stream(here: Register, job_id: int, lang: str) -> Iterator[str]:
    until, last = time.monotonic() + STREAM_SECONDS, None
    while time.monotonic() < until:
        found = store.job(here, job_id)
        if found is None:
            return
        told = _told(found, lang)
        if told != last:
            yield f"data: {json.dumps(told, ensure_ascii=False)}\n\n"
            last = told
        if not told["running"]:
            return
        time.sleep(STREAM_STEP_S)
