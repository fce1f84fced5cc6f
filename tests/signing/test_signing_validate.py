"""Reports: steps, trust, credential, hook; and the child processes that make them."""

import os
import pickle
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from signing.authority.opening import Authority, demo_authority, demo_crls
from signing.keys.certificate_key import certificate_key
from signing.pades.sign import sign_pdf
from signing.settings import Level
from signing.trust import TrustAnchors
from signing.validate import (
    Code,
    FileReport,
    Limits,
    Outcome,
    PageComparison,
    StepName,
    ValidationPool,
    Verdict,
    validate,
    validate_isolated,
)


def test_a_report_has_all_thirteen_steps_in_their_order(
    signed: dict[Level, bytes], authority: Authority
) -> None:
    """Numbers and names are stable; a genuine file has no failed step."""
    report = validate(signed[Level.B_LTA], authority.anchors)
    assert [step.name for step in report.steps] == list(StepName)
    assert [step.name.number for step in report.steps] == list(range(1, 14))
    assert Outcome.FAILED not in {step.outcome for step in report.steps}
    assert report.root_fingerprint == authority.root_fingerprints[0]
    assert report.signer is not None
    assert report.signer.startswith("样本")


def test_after_the_failed_step_nothing_is_claimed(signed: dict[Level, bytes], authority: Authority) -> None:
    """One failed step, the rest skipped."""
    data = signed[Level.B_B].replace(b"595 842", b"595 841")
    outcomes = [step.outcome for step in validate(data, authority.anchors).steps]
    place = outcomes.index(Outcome.FAILED)
    assert set(outcomes[:place]) <= {Outcome.PASSED, Outcome.ABSENT}
    assert set(outcomes[place + 1 : -1]) == {Outcome.SKIPPED}


def test_a_report_survives_json(signed: dict[Level, bytes], authority: Authority) -> None:
    """What the child writes the parent reads."""
    report = validate(signed[Level.B_T], authority.anchors)
    assert FileReport.from_json(report.as_json()) == report


def test_trust_in_several_regions_is_joined(
    signed: dict[Level, bytes], authority: Authority, tmp_path: Path
) -> None:
    """Each region's files are genuine under the joined trust, not under the other's alone."""
    other = demo_authority(tmp_path / "keys", "别的地区人力资源和社会保障厅")
    assert validate(signed[Level.B_B], other.anchors).code is Code.SIGNED_BY_OTHER
    joined = other.anchors.joined(authority.anchors)
    assert validate(signed[Level.B_B], joined).code is Code.OK
    assert joined.keyset is not None
    assert len(joined.keyset.keys) == 2
    assert pickle.loads(pickle.dumps(joined)) == joined


def test_a_trust_that_names_no_signer_believes_all_of_its_root(authority: Authority) -> None:
    """Joining with it must not lock its signers out."""
    anyone = replace(authority.anchors, signers=())
    assert authority.anchors.signers
    assert anyone.joined(authority.anchors).signers == ()


def test_where_revocation_must_be_known_unknown_is_not_enough(
    signed: dict[Level, bytes], authority: Authority, now: datetime
) -> None:
    """B-B without a list is refused, with a fresh list accepted."""
    strict = replace(authority.anchors, require_revocation=True)
    assert validate(signed[Level.B_B], strict).code is Code.REVOCATION_UNKNOWN
    lists = tuple(one.public_bytes(Encoding.DER) for one in demo_crls(authority.folder, now))
    assert validate(signed[Level.B_B], replace(strict, crls=lists)).code is Code.OK


def differing_page(data: bytes, credential: object) -> PageComparison:
    """A page check that finds a difference."""
    return PageComparison(agrees=False, detail="name")


def crashing_page(data: bytes, credential: object) -> PageComparison:
    """A page check with a bug."""
    raise LookupError(len(data))


@pytest.fixture(scope="module")
def certificate(authority: Authority, now: datetime) -> bytes:
    """A pressed certificate with a credential."""
    from generator.certificate.cases import SAMPLE_FACTS, SAMPLE_MARKS
    from generator.certificate.face.loading import load_face
    from generator.certificate.press import Press
    from signing.cms.skeleton import SkeletonSigner
    from signing.credential.token import sign
    from signing.seal import round_seal

    press = Press.of(
        load_face(),
        round_seal(authority.organisation),
        SkeletonSigner(certificate_key(authority)),
        sample=True,
    )
    token = sign({"code": SAMPLE_MARKS.code, "number": SAMPLE_MARKS.number}, authority.service)
    return press.make(SAMPLE_FACTS, SAMPLE_MARKS, signed_at=now, credential=token).data


def test_the_embedded_credential_is_read_and_accepted(certificate: bytes, authority: Authority) -> None:
    """Payload and token are in the report; without a key set they are not judged."""
    report = validate(certificate, authority.anchors)
    assert report.code is Code.OK
    assert report.credential is not None
    assert report.credential["number"] == "NM20251500202P000128"
    assert report.credential_token is not None
    without = validate(certificate, replace(authority.anchors, jwks=None))
    assert (without.code, without.credential) == (Code.OK, None)


def test_the_page_is_compared_with_the_credential(certificate: bytes, authority: Authority) -> None:
    """The collaborator's answer counts; its crash is a verdict."""
    assert validate(certificate, authority.anchors, page_check=differing_page).code is Code.PAGE_DIFFERS
    assert not validate(certificate, authority.anchors, page_check=crashing_page).genuine


def test_the_page_check_runs_in_the_child_by_name(certificate: bytes, authority: Authority) -> None:
    """`module:function` is imported there."""
    name = f"{differing_page.__module__}:differing_page"
    assert validate_isolated(certificate, authority.anchors, page_check=name).code is Code.PAGE_DIFFERS


def test_the_child_says_the_same_as_this_process(signed: dict[Level, bytes], authority: Authority) -> None:
    """Code, signer and level."""
    for data in (*signed.values(), b"%PDF-1.7\nrubbish", signed[Level.B_B] + b"x"):
        one, other = validate_isolated(data, authority.anchors), validate(data, authority.anchors)
        assert (one.code, one.signer, one.level) == (other.code, other.signer, other.level)


def test_a_child_that_takes_too_long_is_replaced(signed: dict[Level, bytes], authority: Authority) -> None:
    """The verdict comes within the limit, and the next file is examined as if nothing had happened."""
    pool = ValidationPool(1, Limits(seconds=1))
    pool.validate(signed[Level.B_B], authority.anchors)
    start = time.monotonic()
    slow = pool.validate(signed[Level.B_B], authority.anchors, page_check="time:sleep")
    assert slow.code in (Code.STRUCTURE_SUSPICIOUS, Code.OK)  # without a credential nothing is compared
    report = pool.validate(
        certificate_like(authority), authority.anchors, page_check="test_signing_validate:endless"
    )
    assert report.code is Code.TIME_EXCEEDED
    assert time.monotonic() - start < 8
    assert pool.validate(signed[Level.B_B], authority.anchors).genuine
    pool.close()


def certificate_like(authority: Authority) -> bytes:
    """A signed PDF with an embedded credential, without the press."""
    from io import BytesIO

    import pikepdf

    from signing.credential.token import sign

    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.attachments["credential.jwt"] = sign({"n": 1}, authority.service).encode()
    pdf.Root.AF = pikepdf.Array([pdf.make_indirect(pdf.attachments["credential.jwt"].obj)])
    buffer = BytesIO()
    pdf.save(buffer)
    return sign_pdf(buffer.getvalue(), certificate_key(authority), datetime.now().astimezone())


def endless(data: bytes, credential: object) -> PageComparison:
    """Never comes back."""
    while True:
        pass


def hungry(data: bytes, credential: object) -> PageComparison:
    """Wants more memory than allowed."""
    return PageComparison(agrees=len(bytearray(8 << 30)) > 0)


def dying(data: bytes, credential: object) -> PageComparison:
    """Takes its process down."""
    os._exit(3)


@pytest.mark.parametrize(("way", "code"), [("hungry", Code.MEMORY_EXCEEDED), ("dying", Code.CHECKER_DIED)])
def test_a_child_in_distress_gives_a_verdict(authority: Authority, way: str, code: Code) -> None:
    """Memory and sudden death."""
    pool = ValidationPool(1)
    data = certificate_like(authority)
    assert pool.validate(data, authority.anchors, page_check=f"test_signing_validate:{way}").code is code
    assert pool.validate(data, authority.anchors).genuine
    pool.close()


def test_a_file_that_is_too_large_never_reaches_a_child(authority: Authority) -> None:
    """Refused by size alone."""
    report = ValidationPool(1, Limits(max_bytes=1000)).validate(bytes(1001), authority.anchors)
    assert (report.verdict, report.code) == (Verdict.UNREADABLE, Code.TOO_LARGE)


def test_many_threads_share_the_pool(signed: dict[Level, bytes], authority: Authority) -> None:
    """More threads than children: each waits its turn, none gets another's answer."""
    pool = ValidationPool(2)
    files = [signed[Level.B_B], signed[Level.B_T], b"%PDF-1.7\nx", signed[Level.B_B] + b"x"] * 5
    with ThreadPoolExecutor(8) as threads:
        reports = list(threads.map(lambda data: pool.validate(data, authority.anchors), files))
    assert [report.code for report in reports[:4]] * 5 == [report.code for report in reports]
    assert threading.active_count() < 12
    pool.close()


def test_examining_in_a_child_costs_little_more_than_pyhanko_alone(
    certificate: bytes, authority: Authority
) -> None:
    """At most 1.2 times pyHanko's own validation of the same file, in turns in this run.

    Processor time of this process and the child: what other work of the machine takes from either is not counted.
    """
    from io import BytesIO

    from asn1crypto import x509
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    root = x509.Certificate.load(authority.anchors.roots[0])

    def peer() -> None:
        signature = PdfFileReader(BytesIO(certificate)).embedded_signatures[0]
        context = ValidationContext(trust_roots=[root], allow_fetching=False)
        assert validate_pdf_signature(signature, context).bottom_line

    pool = ValidationPool(1)

    def ours() -> None:
        assert pool.validate(certificate, authority.anchors).genuine

    def spent() -> float:
        (child,) = pool._idle.queue
        return time.process_time() + (time.clock_gettime(cpu_clock(child.process.pid)) if child else 0)

    def seconds(work: Callable[[], None]) -> float:
        start = spent()
        work()
        return spent() - start

    peer(), ours()
    pairs = [(seconds(ours), seconds(peer)) for _ in range(25)]
    assert min(one for one, _ in pairs) <= 1.2 * min(other for _, other in pairs)
    pool.close()


def cpu_clock(process: int) -> int:
    """Linux' clock of the processor time of another process: clock_getcpuclockid(3), which Python lacks."""
    return (~process << 3) | 2


def test_pinned_trust_is_plain_data(authority: Authority) -> None:
    """Equal trust is equal, hashable and picklable after use."""
    first = authority.anchors
    assert first.keyset is not None
    again: TrustAnchors = pickle.loads(pickle.dumps(first))
    assert again == first
    assert hash(again) == hash(first)
