"""`zhicheng keys`, `credential`, `signatures`: what they print and how they end."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from signing_helpers import chain, write_pem

from signing.credential.token import sign
from signing.keys.certificate_key import certificate_key
from signing.pades.sign import sign_pdf
from zhicheng import cli


@pytest.fixture
def run(tmp_path: Path) -> "Run":
    """Runs the command line with a home of its own."""
    return Run(tmp_path / "home")


class Run:
    """The command line with one home folder."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *arguments: object, code: int = 0) -> Result:
        """Run and check the exit code."""
        result = CliRunner().invoke(
            cli, ["--home", str(self.home), *map(str, arguments)], catch_exceptions=False
        )
        assert result.exit_code == code, result.output
        return result


def test_keys_are_made_listed_and_rotated(run: Run) -> None:
    """A demo ring, its list as text and JSON, a new signer and a new service key."""
    assert "SHA-256" in run("keys", "demo").output
    run("keys", "rotate")
    run("keys", "rotate", "--service")
    rows = json.loads(run("keys", "list", "--json").output)["keys"]
    assert [(row["name"], row["state"]) for row in rows] == [
        ("signer-1", "retired"),
        ("signer-2", "active"),
        ("service-1", "retired"),
        ("service-2", "active"),
    ]
    assert "signer-2" in run("keys", "list").output


def test_a_key_is_imported(run: Run, tmp_path: Path) -> None:
    """PEM key and chain; the demo keys are put aside and the command says so."""
    run("keys", "demo")
    source = write_pem(tmp_path, *chain())
    output = run(
        "keys",
        "import",
        "seal",
        "--pem",
        source.key,
        "--certificates",
        source.certificates,
        "--unlock",
        "none",
    ).output
    assert "ring.demo.json" in output
    assert (run.home / "keys" / "seal.key.pem").stat().st_mode & 0o777 == 0o600


def test_an_import_without_a_source_is_wrong_usage(run: Run) -> None:
    """Exit code 2."""
    run("keys", "import", "seal", code=2)


def test_pass_phrases_are_never_arguments(run: Run) -> None:
    """No option of any signing command takes one."""
    help_text = run("keys", "import", "--help").output
    assert "--unlock" in help_text
    assert "--passphrase" not in help_text
    assert "--password" not in help_text
    assert "--pin" not in help_text


def test_root_and_keys_are_published_with_instructions(run: Run, tmp_path: Path) -> None:
    """Root, fingerprint, key set, and how Adobe Reader is made to trust it."""
    run("keys", "demo")
    run("keys", "publish", "-o", tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "root-1.cer",
        "root-1.pem",
        "fingerprints.txt",
        "keys.json",
        "README.txt",
    }
    assert "Adobe" in run("keys", "adobe").output


def test_a_credential_is_verified_offline(run: Run, tmp_path: Path) -> None:
    """With nothing but the key file; changed: exit 1."""
    from core.settings import Home
    from signing.authority.opening import open_authority

    token = sign({"number": "NM2025"}, open_authority(Home(run.home)).service)
    run("keys", "publish", "-o", tmp_path)
    (tmp_path / "good.jwt").write_text(token + "\n")
    (tmp_path / "bad.jwt").write_text(token[:-4] + "AAAA")
    elsewhere = Run(tmp_path / "elsewhere")
    good = elsewhere(
        "credential", "verify", tmp_path / "good.jwt", "--keys", tmp_path / "keys.json", "--json"
    )
    assert json.loads(good.output)["payload"]["number"] == "NM2025"
    assert json.loads(good.output)["examined"] == "credential"
    told = elsewhere("credential", "verify", tmp_path / "good.jwt", "--keys", tmp_path / "keys.json").output
    assert told.startswith("仅核验了机读凭证")
    bad = elsewhere(
        "credential", "verify", tmp_path / "bad.jwt", "--keys", tmp_path / "keys.json", "--json", code=1
    )
    assert json.loads(bad.output)["code"] in {"token_signature_wrong", "token_malformed"}
    assert not (tmp_path / "elsewhere").exists()


def test_the_schema_is_printed(run: Run) -> None:
    """One JSON document."""
    assert json.loads(run("credential", "schema").output)["type"] == "object"


def checked(run: Run, path: Path) -> dict[str, object]:
    """What `signatures check` says of a paper: never genuine, so the exit code is 1."""
    found = run("signatures", "check", path, "--json", code=1).output
    report: dict[str, object] = json.loads(found)["results"][0]
    return report


def test_a_document_is_signed_checked_and_renewed(
    run: Run, tmp_path: Path, plain_pdf: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sign with a visible seal, look at it, renew it, see that it is not due again."""
    run("keys", "demo")
    (tmp_path / "in.pdf").write_bytes(plain_pdf)
    run("signatures", "sign", tmp_path / "in.pdf", "-o", tmp_path / "out.pdf", "--visible")
    report = checked(run, tmp_path / "out.pdf")
    assert (report["code"], report["level"]) == ("archive_signature", "B-B")
    run("signatures", "check", tmp_path / "in.pdf", code=1)
    monkeypatch.setenv("ZHICHENG_SIGNING_TSA", "local")
    for wanted in ("extended", "not_due"):
        found = run("signatures", "extend", tmp_path / "out.pdf", "--json").output
        assert json.loads(found)["results"][0]["state"] == wanted
    report = checked(run, tmp_path / "out.pdf")
    assert (report["code"], report["level"]) == ("archive_signature", "B-LTA")


def test_renewing_goes_on_after_a_bad_file(
    run: Run, tmp_path: Path, plain_pdf: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One unsigned file among two is reported, the other renewed; exit 1."""
    from core.settings import Home
    from signing.authority.opening import open_authority

    authority = open_authority(Home(run.home))
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(plain_pdf)
    (folder / "b.pdf").write_bytes(sign_pdf(plain_pdf, certificate_key(authority), datetime.now(UTC)))
    monkeypatch.setenv("ZHICHENG_SIGNING_TSA", "local")
    rows = json.loads(run("signatures", "extend", folder, "--json", code=1).output)["results"]
    assert [row["state"] for row in rows] == ["failed", "extended"]


def test_without_an_authority_nothing_is_renewed(run: Run, tmp_path: Path, plain_pdf: bytes) -> None:
    """An error of the room, not a weaker result."""
    (tmp_path / "in.pdf").write_bytes(plain_pdf)
    run("keys", "demo")
    told = run("signatures", "extend", tmp_path / "in.pdf", code=3).output
    for named in ('tsa = "none"', 'tsa = "rfc3161"', "tsa_urls", "ZHICHENG_SIGNING_TSA_URLS"):
        assert named in told
    assert "已试" not in told


def test_an_imported_key_is_not_rotated_but_replaced(run: Run, tmp_path: Path) -> None:
    """The command says how; it does not speak of a demo key that nobody has."""
    pem = write_pem(tmp_path, *chain())
    run("keys", "import", "seal", "--pem", pem.key, "--certificates", pem.certificates, "--unlock", "none")
    assert "keys import" in run("keys", "rotate", code=1).output


def test_an_import_without_a_place_says_the_three_there_are(run: Run) -> None:
    """Wrong usage, in words."""
    told = run("keys", "import", "seal", code=2).output
    assert "三种之一" in told
    assert "--pkcs12" in told


def test_a_certified_file_is_not_signed_again_and_the_reason_is_in_words(
    run: Run, tmp_path: Path, plain_pdf: bytes
) -> None:
    """A scan that is a certificate by mistake."""
    run("keys", "demo")
    (tmp_path / "in.pdf").write_bytes(plain_pdf)
    run("signatures", "sign", tmp_path / "in.pdf", "-o", tmp_path / "once.pdf")
    told = run("signatures", "sign", tmp_path / "once.pdf", "-o", tmp_path / "twice.pdf", code=1).output
    assert re.search("文件已有签名.*原件", told)
