"""The journey of a batch through the workspace with three people, over real HTTP calls and real child processes."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
from flask.testing import FlaskClient
from office_helpers import Office, post

from core.errors import HomeNotReady
from core.sentences import Sentence
from records.findings.saying import said
from records.input.workbook import write_batch
from records.sample import sample_batch, write_photos
from registry.accounts.errors import AccountError
from registry.accounts.model import Role
from registry.accounts.store import find, reset
from registry.applications.progress import progress_of
from registry.errors import StoreNotWritable
from registry.jobs import store as jobs
from registry.jobs.store import JobState
from registry.log.events import Actor
from registry.register import Register
from registry.workspace import store
from registry.workspace.errors import SamePerson, StepNotPossible, WorkBusy
from registry.workspace.model import Act, Stage
from web.office.batch_view import open_desk

PEOPLE = 8
WAIT_S = 120
BAD = Path(__file__).resolve().parents[2] / "samples" / "bad"


@pytest.fixture(scope="module")
def workbook(office: Office) -> Path:
    """A good workbook with photos beside it."""
    path = office.folder / "batch.xlsx"
    batch = sample_batch(PEOPLE, 7)
    write_batch(batch, path)
    write_photos(batch, path.parent)
    return path


def photos_of(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in folder.rglob("*.jpg"):
            archive.write(path, path.relative_to(folder).as_posix())
    return packed.getvalue()


def upload(client: FlaskClient, data: bytes, name: str = "批次.xlsx", photos: bytes | None = None):
    form = {"workbook": (io.BytesIO(data), name)}
    if photos is not None:
        form["photos"] = (io.BytesIO(photos), "照片.zip")
    return post(client, "/office/batches/new", "/office/batches", **form)


def take_in(client: FlaskClient, data: bytes) -> str:
    """Upload; returns the address of the batch's page."""
    response = upload(client, data)
    assert response.status_code == 303, response.text
    return str(response.headers["Location"]).split("?")[0]


def fetch(client: FlaskClient, path: str) -> bytes:
    """A downloaded file, the response closed as a server would close it."""
    response = client.get(path)
    try:
        assert response.status_code == 200, response.text
        return response.data
    finally:
        response.close()


def await_job(client: FlaskClient, address: str) -> dict[str, object]:
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        told = client.get(f"{address}/state").get_json()
        if not told["running"]:
            return told
        time.sleep(0.2)
    raise AssertionError(told)


def begin(client: FlaskClient, page: str, act: str, **form: str) -> str:
    response = post(client, page, f"{page}/{act}", **form)
    assert response.status_code == 303, response.text
    return str(response.headers["Location"])


@pytest.fixture(scope="module")
def issued_page(office: Office, workbook: Path) -> str:
    """A batch that three people have brought from the workbook to certificates; its page."""
    operator, reviewer = office.client(Role.OPERATOR), office.client(Role.REVIEWER)
    issuer = office.client(Role.ISSUER)
    response = upload(operator, workbook.read_bytes(), photos=photos_of(workbook.parent))
    page = str(response.headers["Location"]).split("?")[0]
    job = begin(operator, page, "generate")
    assert await_job(operator, job)["state"] == "done"
    assert "已完成" in operator.get(job).text
    assert begin(operator, page, "submit").endswith("done=submit")
    assert "退回理由" in reviewer.get(page).text
    begin(reviewer, page, "approve", note="同意")
    refused = post(issuer, page, f"{page}/issue", confirm="别的编号")
    assert refused.status_code == 422
    job = begin(issuer, page, "issue", confirm=sample_batch(PEOPLE, 7).number)
    assert await_job(issuer, job)["state"] == "done", issuer.get(job).text
    return page


def test_a_batch_goes_from_the_workbook_to_publication(office: Office, issued_page: str) -> None:
    """Certificates valid in the register, list handed out once, results published."""
    operator, issuer = office.client(Role.OPERATOR), office.client(Role.ISSUER)
    passed = len(sample_batch(PEOPLE, 7).passed)
    assert f"新签发 {passed} 份" in issuer.get(issued_page).text
    packed = zipfile.ZipFile(io.BytesIO(fetch(issuer, f"{issued_page}/zip/certificates")))
    assert len(packed.namelist()) == passed
    with Register.open(office.home) as register:
        for name in packed.namelist():
            assert register.lookup.by_file(packed.read(name)) is not None
        assert progress_of(register, sample_batch(PEOPLE, 7).passed[0].number).current is not None
    given = post(issuer, issued_page, f"{issued_page}/distribution")
    rows = list(openpyxl.load_workbook(io.BytesIO(given.data)).active.rows)
    assert len(rows) == passed + 1
    again = post(issuer, issued_page, f"{issued_page}/distribution")
    assert again.status_code in (403, 422)
    number = sample_batch(PEOPLE, 7).number
    unsure = post(operator, issued_page, f"{issued_page}/publish", place="https://rst.example", confirm="x")
    assert unsure.status_code == 422
    begin(operator, issued_page, "publish", place="https://rst.example/公告", confirm=number)
    text = operator.get(issued_page).text
    assert "已公布" in text
    for name in ("王敏", "李复", "赵签"):
        assert name in text


def test_documents_are_previewed_listed_and_packed(office: Office, issued_page: str) -> None:
    """Any document for any person in the page, as PDF, one by one and all together."""
    client = office.client(Role.REVIEWER)
    person = sample_batch(PEOPLE, 7).applications[1]
    page = client.get(f"{issued_page}/preview?document=A102&subject=1")
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    paper = client.get(f"{issued_page}/paper?document=A102&subject=1")
    assert person.person.name in paper.text
    assert "sandbox" in paper.headers["Content-Security-Policy"]
    assert client.get(f"{issued_page}/paper?document=A102&subject=1&format=pdf").data.startswith(b"%PDF")
    assert client.get(f"{issued_page}/paper?document=A102&subject=99").status_code == 404
    assert client.get(f"{issued_page}/paper?document=nothing").status_code == 404
    listing = client.get(f"{issued_page}/files").text
    assert listing.count("<li>") > PEOPLE
    packed = zipfile.ZipFile(io.BytesIO(fetch(client, f"{issued_page}/zip/documents")))
    public = zipfile.ZipFile(io.BytesIO(fetch(client, f"{issued_page}/zip/public")))
    assert 0 < len(public.namelist()) < len(packed.namelist())
    first = packed.namelist()[0]
    assert fetch(client, f"{issued_page}/files/{first}") == packed.read(first)


@pytest.mark.parametrize("name", ["../batch.json", "%2e%2e/findings.json", "manifest.json", "/etc/passwd"])
def test_only_files_of_the_manifest_are_handed_out(office: Office, issued_page: str, name: str) -> None:
    """No path leads to other files of the home."""
    assert office.client(Role.OPERATOR).get(f"{issued_page}/files/{name}").status_code in (404, 308)


def test_a_certificate_is_previewed_unsigned(office: Office, issued_page: str) -> None:
    """With the person's own facts and picture, without a number."""
    client, person = office.client(Role.OPERATOR), sample_batch(PEOPLE, 7).passed[1]
    page = client.get(f"{issued_page}/certificate?person={person.number}").text
    assert f"{person.person.name}的证书样张" in page
    data = client.get(f"{issued_page}/certificate/pdf?person={person.number}").data
    assert data.startswith(b"%PDF")
    assert b"/ByteRange" not in data
    assert client.get(f"{issued_page}/certificate/png?person={person.number}").data.startswith(b"\x89PNG")
    assert client.get(f"{issued_page}/certificate/pdf?person=nobody").status_code == 404


def test_one_account_never_has_two_of_the_three_duties(office: Office, workbook: Path) -> None:
    """Even when its role is changed in between: the steps of the batch decide."""
    operator = office.client(Role.OPERATOR)
    page = take_in(operator, workbook.read_bytes())
    work_id = int(page.rsplit("/", 1)[1])
    with Register.open(office.home) as register:
        who, other = find(register, "王敏"), find(register, "李复")
        store.end_job(register, work_id, Stage.GENERATED, {})
        store.take_step(register, work_id, Act.SUBMIT, who)
        with pytest.raises(SamePerson):
            store.take_step(register, work_id, Act.APPROVE, who)
        store.take_step(register, work_id, Act.APPROVE, other)
        for one in (who, other):
            with pytest.raises(SamePerson):
                store.start_job(register, work_id, Act.ISSUE, one, 1)
        with pytest.raises(StepNotPossible):
            store.take_step(register, work_id, Act.SUBMIT, who)
        third = find(register, "赵签")
        store.start_job(register, work_id, Act.ISSUE, third, 1)
        with pytest.raises(WorkBusy):
            store.start_job(register, work_id, Act.ISSUE, third, 1)


def test_a_returned_batch_goes_back_with_the_reason(office: Office, workbook: Path) -> None:
    """And can be submitted again; a submitted one can be taken back."""
    operator, reviewer = office.client(Role.OPERATOR), office.client(Role.REVIEWER)
    page = take_in(operator, workbook.read_bytes())
    with Register.open(office.home) as register:
        store.end_job(
            register, int(page.rsplit("/", 1)[1]), Stage.GENERATED, {"documents": 1, "problems": []}
        )
    begin(operator, page, "submit")
    begin(operator, page, "withdraw")
    begin(operator, page, "submit")
    assert post(reviewer, page, f"{page}/return").status_code == 422
    begin(reviewer, page, "return", reason="第三人的学历请再核对")
    assert "第三人的学历请再核对" in operator.get(page).text
    begin(operator, page, "discard")
    assert page not in operator.get("/office/batches").text
    assert page in operator.get("/office/batches?stage=discarded").text


def test_a_workbook_that_cannot_be_read_is_refused_in_the_language_of_the_visitor(office: Office) -> None:
    """The reason, too; what it quotes of the file is marked."""
    client = office.client(Role.OPERATOR)
    data = (BAD / "missing_sheet_applicants.xlsx").read_bytes()
    assert "缺少工作表" in upload(client, data).text
    client.get("/office/?lang=en")
    answer = upload(client, data)
    assert answer.status_code == 422
    assert "lacks the sheets: <span" in answer.text
    main = answer.text.split("<main", 1)[1]
    assert re.findall("[\u4e00-\u9fff]", re.sub('<(\\w+)[^>]* lang="zh-CN".*?</\\1>', "", main)) == []


def test_a_broken_workbook_is_refused_with_a_sentence_and_leaves_nothing(office: Office) -> None:
    """No batch, no folder, no file."""
    client = office.client(Role.OPERATOR)
    before = sorted(path.name for path in (office.home.root / "workspace").iterdir())
    for data, name in ((b"no workbook", "x.xlsx"), (b"", "x.xlsx"), (b"MZ", "x.exe")):
        response = upload(client, data, name)
        assert response.status_code == 422
        assert "工作簿没有被接受" in response.text
    assert sorted(path.name for path in (office.home.root / "workspace").iterdir()) == before


def test_an_archive_of_photos_cannot_write_elsewhere(office: Office, workbook: Path) -> None:
    """A path with .. is refused; a file that is no archive too."""
    client, packed = office.client(Role.OPERATOR), io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../evil.jpg", b"x")
    for data in (packed.getvalue(), b"no archive"):
        response = upload(client, workbook.read_bytes(), photos=data)
        assert response.status_code == 422
        assert "照片压缩包没有被接受" in response.text
    assert not list(office.home.root.rglob("evil.jpg"))


def test_the_workspace_folder_is_private(office: Office, issued_page: str) -> None:
    """Workbooks hold whole identity numbers."""
    assert issued_page
    assert (office.home.root / "workspace").stat().st_mode & 0o077 == 0


@pytest.fixture(scope="module")
def faulty_page(office: Office) -> str:
    """A batch with findings of all kinds."""
    batch = sample_batch(PEOPLE, 7)
    first, second, *others = batch.applications
    broken = first.model_copy(update={"person": first.person.model_copy(update={"name": ""})})
    path = office.folder / "faulty.xlsx"
    changed = {
        "applications": (broken, second, *others),
        "publicity": batch.publicity.model_copy(update={"ends": batch.publicity.starts}),
    }
    write_batch(batch.model_copy(update=changed), path)
    return take_in(office.client(Role.OPERATOR), path.read_bytes())


def test_findings_are_shown_by_cell_and_filtered(office: Office, faulty_page: str) -> None:
    """Sheet, row, column, remedy; the annotated workbook has them at their cells."""
    client = office.client(Role.OPERATOR)
    everything = client.get(f"{faulty_page}/findings").text
    mandatory = client.get(f"{faulty_page}/findings?severity=强制").text
    assert 0 < mandatory.count("<article") < everything.count("<article")
    assert "改法" in mandatory
    assert client.get(f"{faulty_page}/findings?person=nobody").text.count("<article") == 0
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{faulty_page}/annotated").data))
    assert "问题清单" in book.sheetnames
    plain = fetch(client, f"{faulty_page}/workbook")
    assert plain == (office.folder / "faulty.xlsx").read_bytes()


def test_findings_are_read_in_english_with_what_the_workbook_says_in_chinese(
    office: Office, faulty_page: str
) -> None:
    """Message and remedy; names and heads are marked. A finding stored by an earlier version stays Chinese."""
    client = office.client(Role.OPERATOR)
    page = client.get(f"{faulty_page}/findings?lang=en").text
    marked = re.sub(r'<(\w+)[^>]* lang="zh-CN".*?</\1>', "", page)
    assert "The publicity of the results is shorter than 5 working days" in page
    assert "Fill in <span" in page
    assert re.findall("[\u4e00-\u9fff]", "".join(re.findall(r"(?s)<article.*</article>", marked))) == []
    assert "5个工作日" in client.get(f"{faulty_page}/findings?lang=zh").text
    stored = next((office.home.root / "workspace").glob(f"{faulty_page.rsplit('/', 1)[1]}/findings.json"))
    rows = json.loads(stored.read_text("utf-8"))
    old = [{key: value for key, value in row.items() if key != "told"} for row in rows]
    assert rows != old
    try:
        stored.write_text(json.dumps(old), "utf-8")
        page = client.get(f"{faulty_page}/findings?lang=en").text
        assert "5个工作日" in page
        assert "shorter than 5 working days" not in page
    finally:
        stored.write_text(json.dumps(rows), "utf-8")
        client.get(f"{faulty_page}/findings?lang=zh")


def test_a_batch_with_mandatory_findings_yields_drafts_that_cannot_be_submitted(
    office: Office, faulty_page: str
) -> None:
    """The reason is said."""
    client = office.client(Role.OPERATOR)
    assert "生成草稿" in client.get(faulty_page).text
    with Register.open(office.home) as register:
        store.end_job(register, int(faulty_page.rsplit("/", 1)[1]), Stage.GENERATED, {"problems": []})
    response = post(client, faulty_page, f"{faulty_page}/submit")
    assert response.status_code == 422
    assert "强制" in response.text


def test_who_got_no_certificate_is_told_in_english_with_the_finding(office: Office, faulty_page: str) -> None:
    """The job's note quotes findings in Chinese; a reason that is none stays as it is."""
    client, work_id = office.client(Role.OPERATOR), int(faulty_page.rsplit("/", 1)[1])
    with Register.open(office.home) as register:
        first = next(one for one in open_desk(register, work_id).mandatory if one.application_number)
        reasons = f"{first.rule} {first.message}；别的原因"
        barred = Sentence.of("registry", "issue.barred")
        left = [f"{first.application_number}：{reasons}", f"9：{barred}"]
        more = {"issued": 0, "already": 0, "left_out": left, "reasons": [[], [barred.stored()]]}
        store.end_job(register, work_id, Stage.ISSUED, more)
    number, english = first.application_number, client.get(f"{faulty_page}?lang=en").text
    told = next(line for line in english.split("\n") if "Not issued" in line)
    plain = f"Not issued: {number}: {first.rule} {said(first, 'en').message} 别的原因"
    assert plain in re.sub("<[^>]+>", "", told)
    assert re.findall("[\u3001-\u9fff\uff00-\uffef]", re.sub("<span lang=.*?</span>", "", told)) == []
    assert f"Not issued: 9: {barred.said('en')}" in english
    assert f"未签发：{number}：{reasons}" in client.get(f"{faulty_page}?lang=zh").text


def test_why_a_job_failed_is_told_in_the_language_of_the_reader(office: Office, workbook: Path) -> None:
    """On the batch's page, on the job's own and in what its script asks for; a bare sentence of old stays Chinese."""
    client = office.client(Role.OPERATOR)
    page = take_in(client, workbook.read_bytes())
    error = StoreNotWritable(reason="No space left on device")
    job = begin(client, page, "generate")
    await_job(client, job)
    with Register.open(office.home) as register:
        for note, lang, shown in (
            (error.sentence(), "en", error.diagnostics("en")),
            ("磁盘空间不足", "zh-CN", "磁盘空间不足"),
        ):
            jobs.finish(register, int(job.rsplit("/", 1)[1]), JobState.FAILED, note)
            told = client.get(f"{job}/state?lang=en").get_json()
            assert (told["note"], told["note_lang"]) == (shown, lang)
            assert all(shown in client.get(f"{one}?lang=en").text for one in (job, page))
            assert str(note) in client.get(f"{page}?lang=zh").text


def test_documents_that_were_not_made_are_told_in_the_language_of_the_reader(
    office: Office, workbook: Path
) -> None:
    """The name of the document stays; why it was not made is said."""
    client = office.client(Role.OPERATOR)
    page = take_in(client, workbook.read_bytes())
    reason = HomeNotReady(path="/srv/zc", reason="x").sentence()
    more = {"documents": 1, "problems": [f"A102 评审表：{reason}"], "sentences": [reason.stored()]}
    with Register.open(office.home) as register:
        store.end_job(register, int(page.rsplit("/", 1)[1]), Stage.GENERATED, more)
    english = re.sub("<[^>]+>", "", client.get(f"{page}?lang=en").text)
    assert f"A102 评审表: {HomeNotReady(path='/srv/zc', reason='x').diagnostics('en')}" in english
    assert f"A102 评审表：{reason}" in client.get(f"{page}?lang=zh").text


def test_a_job_is_cancelled_and_its_lost_process_is_noticed(office: Office, workbook: Path) -> None:
    """Both end the job; the batch can be worked on again."""
    client = office.client(Role.OPERATOR)
    page = take_in(client, workbook.read_bytes())
    job = begin(client, page, "generate")
    post(client, job, f"{job}/cancel")
    told = await_job(client, job)
    assert told["state"] == "cancelled"
    assert "生成文书" in client.get(page).text
    job_id = int(begin(client, page, "generate").rsplit("/", 1)[1])
    with Register.open(office.home) as register:
        store.fail_lost(register, job_id, "中断")
    assert "中断" in client.get(page).text


def test_progress_comes_as_events(office: Office, issued_page: str) -> None:
    """A finished job says so once and closes the stream."""
    client = office.client(Role.OPERATOR)
    with Register.open(office.home) as register:
        job_id = store.get(register, int(issued_page.rsplit("/", 1)[1])).job_id
    response = client.get(f"/office/jobs/{job_id}/events")
    assert response.mimetype == "text/event-stream"
    assert response.text.startswith('data: {"state": "done"')
    assert client.get("/office/jobs/999999").status_code == 404


def test_a_reset_to_another_role_does_not_open_a_second_duty(office: Office, workbook: Path) -> None:
    """An operator who becomes a reviewer cannot approve what he prepared."""
    operator = office.client(Role.OPERATOR)
    page = take_in(operator, workbook.read_bytes())
    work_id = int(page.rsplit("/", 1)[1])
    with Register.open(office.home) as register:
        store.end_job(register, work_id, Stage.GENERATED, {})
        store.take_step(register, work_id, Act.SUBMIT, find(register, "王敏"))
        turned, _ = reset(register, "王敏", Actor("测试员"), Role.REVIEWER)
        with pytest.raises((SamePerson, AccountError)):
            store.take_step(register, work_id, Act.APPROVE, turned)
