"""The three answers of a verification, on really pressed and signed certificates."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from registry_helpers import ACTOR, GROUNDS, change, set_columns

from core.settings import Home
from records.input.interchange import batch_to_json, write_ndjson
from records.sample import Kind, sample_batch, write_photos
from registry.certificates import lifecycle
from registry.certificates.annotated_copies import annotate, photo_of
from registry.certificates.reissue import reissue
from registry.database.schema import certificates
from registry.issuing.run import issue
from registry.issuing.sources import Source, open_source
from registry.log.events import Actor
from registry.recognition import QueryResult, Usable
from registry.register import Register
from registry.verification.answers import FileCode, RegisterCode, Verdict
from registry.verification.verifier import Verifier
from signing.authority.opening import demo_authority, open_authority
from signing.credential.token import verify as verify_token
from zhicheng import cli

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from records.batch.model import Batch
    from registry.model import Certificate

PEOPLE = 6


@pytest.fixture(scope="module")
def small_batch() -> Batch:
    """A few invented people."""
    return sample_batch(PEOPLE, 3)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory, small_batch: Batch) -> tuple[Home, Path]:
    """A home whose register has issued a small batch with the real press, and the output folder."""
    folder = tmp_path_factory.mktemp("printed")
    home = Home(folder / "home")
    write_photos(small_batch, folder)
    with Register.open(home) as register:
        issue(register, small_batch, folder / "out", actor=Actor("测试员", "test", "tester"), photos=folder)
    return home, folder / "out"


@pytest.fixture
def own(printed: tuple[Home, Path], tmp_path: Path) -> Iterator[Register]:
    """A private copy of that register, so that a test may change it."""
    home = Home(tmp_path / "home")
    shutil.copytree(printed[0].root, home.root)
    with Register.open(home) as register:
        yield register


def certificate(register: Register, number: int = 1) -> Certificate:
    found = register.lookup.by_id(number)
    assert found
    return found


def test_an_issued_file_is_genuine_by_all_three_answers(own: Register) -> None:
    """Byte for byte the registered file, signed by the demo authority, valid, usable in the whole region."""
    one = certificate(own)
    answer = Verifier(own).verify_file(own.storage.get(one.sha256))
    assert answer.verdict is Verdict.GENUINE
    assert answer.file.code is FileCode.REGISTERED
    assert answer.file.signer
    assert "样本" in answer.file.signer
    assert (answer.file.level, answer.file.signed_at) == ("B-B", one.issued_at)
    assert (answer.register.code, answer.register.number) == (RegisterCode.VALID, one.number)
    recognition = answer.recognition
    assert (recognition.code, recognition.clause, recognition.scope) == (
        Usable.IN_REGION,
        "第五十七条",
        "全区",
    )
    assert recognition.result is QueryResult.PROVINCE_FOUND
    document = answer.as_dict(path="x.pdf")
    assert set(document) == {"path", "verdict", "checked_at", "file", "register", "recognition"}
    assert one.facts.name not in json.dumps(document, ensure_ascii=False) or len(one.facts.name) == 1


def test_a_sound_signature_over_bytes_that_the_register_does_not_know(own: Register) -> None:
    """A file that the register has lost, or never had: the signature is sound, and it is not a registered file."""
    one = certificate(own)
    data = own.storage.get(one.sha256)
    change(own, f"DELETE FROM certificates WHERE id = {one.id}")
    answer = Verifier(own).verify_file(data)
    assert (answer.verdict, answer.file.reason) == (Verdict.TAMPERED, "not_registered")
    assert (answer.register.code, answer.recognition.code) == (RegisterCode.UNKNOWN, Usable.NOT)


def test_a_sound_file_under_another_hash_is_told_whose_it_claims_to_be(own: Register) -> None:
    """When the register holds another hash, the embedded code leads to the row, and the file is not genuine."""
    one = certificate(own)
    data = own.storage.get(one.sha256)
    set_columns(own, certificates, one.id, sha256=b"x" * 32)
    answer = Verifier(own).verify_file(data)
    assert (answer.verdict, answer.file.reason) == (Verdict.TAMPERED, "not_registered")
    assert answer.register.number == one.number


@pytest.mark.parametrize("place", [0.01, 0.3, 0.6, 0.99])
def test_a_flipped_byte_is_tampering(own: Register, place: float) -> None:
    """Wherever the byte is, the file is not genuine and nothing may be done with it."""
    data = own.storage.get(certificate(own).sha256)
    at = int(len(data) * place)
    answer = Verifier(own).verify_file(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    assert answer.verdict in (Verdict.TAMPERED, Verdict.UNREADABLE)
    assert answer.recognition.code in (Usable.NOT, Usable.UNDECIDED)


@pytest.mark.parametrize(
    ("data", "verdict"),
    [(b"", Verdict.UNREADABLE), (b"hello", Verdict.UNREADABLE), (b"%PDF-1.7\n%%EOF\n", Verdict.UNREADABLE)],
)
def test_what_is_no_certificate_is_not_held_against_anybody(
    own: Register, data: bytes, verdict: Verdict
) -> None:
    """Unreadable files are undecided, never "invalid"."""
    answer = Verifier(own).verify_file(data)
    assert (answer.verdict, answer.recognition.code) == (verdict, Usable.UNDECIDED)


def test_the_certificate_of_another_authority_is_foreign(own: Register, tmp_path: Path) -> None:
    """Signed by keys that are not trusted here: foreign and not decided."""
    one = certificate(own)
    data = own.storage.get(one.sha256)
    stranger = demo_authority(tmp_path / "stranger", "另一自治区人力资源和社会保障厅")
    change(own, f"DELETE FROM certificates WHERE id = {one.id}")
    answer = Verifier(own, stranger.anchors).verify_file(data)
    assert (answer.verdict, answer.file.code) == (Verdict.FOREIGN, FileCode.FOREIGN)
    assert answer.recognition.result is QueryResult.UNAVAILABLE


def test_states_reach_every_way_of_asking(own: Register) -> None:
    """Suspended, then revoked: file, code in any case and scanned address say the same."""
    one = certificate(own)
    data, verifier = own.storage.get(one.sha256), Verifier(own)
    for move, verdict in ((lifecycle.suspend, Verdict.SUSPENDED), (lifecycle.revoke, Verdict.REVOKED)):
        move(own, one.number, GROUNDS)
        for answer in (
            verifier.verify_file(data),
            verifier.verify_code(one.code.lower()),
            verifier.verify_code(own.verification_url(one.code)),
        ):
            assert (answer.verdict, answer.recognition.code) == (verdict, Usable.NOT)
            assert str(answer.certificate and answer.certificate.state_at)[:4] in answer.register.message


def test_an_unknown_code_tells_nothing(own: Register) -> None:
    """Unknown and malformed codes get the same answer."""
    answers = [Verifier(own).verify_code(code) for code in ("A" * 26, "x", "", "' OR 1=1")]
    assert {answer.verdict for answer in answers} == {Verdict.UNKNOWN}
    assert {answer.register.certificate for answer in answers} == {None}


def test_a_targeted_title_is_usable_in_its_league_only(tmp_path: Path) -> None:
    """定向评价: the league's office seals, the scope is its league, the answer says so."""
    batch = sample_batch(3, 5, kind=Kind.TARGETED)
    with Register.open(Home(tmp_path / "home")) as register:
        issue(register, batch, tmp_path / "out", actor=ACTOR)
        one = certificate(register)
        answer = Verifier(register).verify_file(register.storage.get(one.sha256))
    assert one.facts.authority_region != "150000"
    assert answer.recognition.code is Usable.IN_LEAGUE
    assert answer.recognition.scope == one.facts.scope_name != "全区"
    assert one.facts.scope_name in answer.recognition.message
    assert one.number[6:10] == one.facts.authority_region[:4]


def test_the_credential_says_what_the_register_says(own: Register) -> None:
    """It verifies with the published key set and holds no whole ID number."""
    one = certificate(own)
    payload = verify_token(one.credential, open_authority(own.home).keyset).payload
    assert (payload["number"], payload["code"]) == (one.number, one.code)
    assert payload["holder"]["name"] == one.facts.name
    assert payload["status"] == {"list": one.list_id, "position": one.list_position}
    assert "*" in payload["holder"]["identity_masked"]


def test_a_real_reissue_prints_the_predecessor(own: Register, small_batch: Batch, tmp_path: Path) -> None:
    """The corrected certificate verifies, the old file says where the new one is."""
    one = certificate(own)
    first = small_batch.passed[0]
    mended = first.model_copy(update={"employer": first.employer.model_copy(update={"name": "改正后的单位"})})
    people = tuple(mended if each.number == first.number else each for each in small_batch.applications)
    source = Source(small_batch, (), tmp_path, 1, lambda: people)
    old = reissue(own, one.number, source, tmp_path, GROUNDS)
    assert old.successor
    data = (tmp_path / "certificates" / f"{old.successor}.pdf").read_bytes()
    verifier = Verifier(own)
    assert verifier.verify_file(data).verdict is Verdict.GENUINE
    assert verifier.verify_file(own.storage.get(old.sha256)).register.superseded_by == old.successor


@pytest.mark.tools
def test_an_annotated_copy_shows_purpose_and_last_day(own: Register, tmp_path: Path) -> None:
    """The note is on the page as text, the copy is signed on its own and verifies."""
    if shutil.which("pdftotext") is None:
        pytest.skip("needs pdftotext of poppler-utils")
    one = certificate(own)
    copy, path = annotate(own, one.number, "某公司 投标 {2026}", tmp_path, actor=ACTOR)
    text = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, check=True
    ).stdout.decode()
    assert "投标" in text
    assert copy.expires_on in text
    assert photo_of(path.read_bytes()) == photo_of(own.storage.get(one.sha256)) is not None
    answer = Verifier(own).verify_file(path.read_bytes())
    assert (answer.verdict, answer.register.number) == (Verdict.GENUINE, one.number)


def run(home: Path, *arguments: object) -> tuple[int, str]:
    """Run one command as the front door does."""
    result = CliRunner().invoke(cli, ["--home", str(home), *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_the_commands_tell_the_whole_story(tmp_path: Path, small_batch: Batch) -> None:
    """issue, verify, show, revoke, log, check, export, region: exit codes and JSON as the contract says."""
    home, out, batch = tmp_path / "home", tmp_path / "out", tmp_path / "batch.json"
    batch.write_text(batch_to_json(small_batch), "utf-8")
    code, output = run(home, "issue", batch, "-o", out, "--json")
    assert (code, json.loads(output)["issued"]) == (0, len(small_batch.passed))
    assert json.loads(run(home, "issue", batch, "-o", out, "--json")[1])["already"] == len(small_batch.passed)
    files = sorted((out / "certificates").iterdir())
    code, output = run(home, "verify", *files, "--json")
    results = json.loads(output)["results"]
    assert code == 0
    assert [one["path"] for one in results] == list(map(str, files))
    assert {one["verdict"] for one in results} == {"genuine"}
    number = files[0].stem
    shown = json.loads(run(home, "certificate", "show", number, "--json")[1])
    assert (shown["number"], shown["state"]) == (number, "valid")
    assert run(home, "certificate", "revoke", number, "--document", "文1", "--violation", "抄袭")[0] == 0
    assert run(home, "verify", *files)[0] == 1
    doubled = tmp_path / "doubled.pdf"
    doubled.write_bytes(2 * files[-1].read_bytes())
    code, output = run(home, "verify", str(doubled))
    assert (code, "签名时间" in output, "文件自称的签名人 样本" in output) == (1, False, True)
    code, output = run(home, "certificate", "resume", number, "--document", "文2")
    assert (code, "已撤销" in output) == (1, True)
    assert run(home, "certificate", "show", "NM0")[0] == 1
    head = tmp_path / "head.json"
    head.write_text(run(home, "log", "head", "--json")[1], "utf-8")
    assert json.loads(head.read_text("utf-8"))["size"] > PEOPLE
    assert run(home, "database", "check", "--head", head)[0] == 0
    assert run(home, "log", "verify")[0] == 0
    assert json.loads(run(home, "log", "prove", number, "--json")[1])["path"]
    assert run(home, "database", "check")[0] == 0
    assert json.loads(run(home, "database", "jobs", "--json")[1])[0]["state"] == "done"
    assert json.loads(run(home, "export", "-o", tmp_path / "push", "--json")[1])["count"] == len(files)
    (region,) = json.loads(run(home, "region", "list", "--json")[1])
    assert (region["code"], region["own"], region["sample"]) == ("150000", True, True)
    assert run(home, "database", "backup", tmp_path / "b.tar")[0] == 0
    assert run(tmp_path / "again", "database", "restore", tmp_path / "b.tar")[0] == 0
    assert run(tmp_path / "again", "verify", files[1])[0] == 0
    assert run(home, "verify")[0] == 2


def test_a_batch_streamed_line_by_line_issues_the_same(tmp_path: Path, small_batch: Batch) -> None:
    """NDJSON is checked and issued in slices; an application number that occurs twice is refused."""
    path = tmp_path / "batch.ndjson"
    lines = list(write_ndjson(small_batch))
    path.write_text("".join(lines), "utf-8")
    home = tmp_path / "home"
    code, output = run(home, "issue", path, "-o", tmp_path / "out", "--json")
    assert (code, json.loads(output)["issued"]) == (0, len(small_batch.passed))
    path.write_text("".join([*lines, lines[-1]]), "utf-8")
    code, output = run(home, "issue", path, "-o", tmp_path / "out", "--json")
    assert (code, json.loads(output)["error"]["code"]) == (1, "application_twice")


def test_a_person_with_a_wrong_id_number_is_left_out_by_the_command(
    tmp_path: Path, small_batch: Batch
) -> None:
    """The check's mandatory finding reaches the report; the others are issued; exit code 1."""
    first = small_batch.passed[0]
    assert first.person.identity_number
    digit = str((int(first.person.identity_number[9]) + 1) % 10)
    wrong = first.person.identity_number[:9] + digit + first.person.identity_number[10:]
    bad = first.model_copy(update={"person": first.person.model_copy(update={"identity_number": wrong})})
    people = tuple(bad if one.number == first.number else one for one in small_batch.applications)
    path = tmp_path / "batch.json"
    path.write_text(batch_to_json(small_batch.model_copy(update={"applications": people})), "utf-8")
    code, output = run(tmp_path / "home", "issue", path, "-o", tmp_path / "out", "--json")
    report = json.loads(output)
    assert code == 1
    assert [one["application"] for one in report["left_out"]] == [first.number]
    assert report["issued"] == len(small_batch.passed) - 1
    assert open_source(path, Home(tmp_path / "home")).passed == len(small_batch.passed)
