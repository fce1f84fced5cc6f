"""Signing and checking, as ratios in one run: raw signatures, kept CMS skeletons, credentials, validation."""

import hashlib
import logging
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from bench.peers import levels_bench
from generator.certificate.cases import SAMPLE_FACTS, SAMPLE_MARKS
from generator.certificate.face.loading import load_face
from generator.certificate.press import Press
from signing.authority.opening import demo_authority
from signing.cms.skeleton import SkeletonSigner
from signing.credential.token import sign, verify
from signing.keys.certificate_key import certificate_key
from signing.seal import round_seal
from signing.validate import validate, validate_isolated

PAYLOAD = {"code": SAMPLE_MARKS.code, "number": SAMPLE_MARKS.number, "holder": {"name": SAMPLE_FACTS.name}}


def rate(work: Callable[[], object], count: int) -> float:
    """Times per second, the best of five rounds."""
    work()
    best = 0.0
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(count):
            work()
        best = max(best, count / (time.perf_counter() - start))
    return best


def run() -> int:
    """Print the table."""
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        authority = demo_authority(Path(folder) / "keys")
        now, digest = datetime.now(UTC), hashlib.sha256(b"x").digest()
        signer = SkeletonSigner(certificate_key(authority))
        token = sign(PAYLOAD, authority.service)
        press = Press.of(load_face(), round_seal(authority.organisation), signer, sample=True)
        data = press.make(SAMPLE_FACTS, SAMPLE_MARKS, signed_at=now, credential=token).data
        root = x509.Certificate.load(authority.anchors.roots[0])

        def peer() -> None:
            signature = PdfFileReader(BytesIO(data)).embedded_signatures[0]
            validate_pdf_signature(signature, ValidationContext(trust_roots=[root], allow_fetching=False))

        raw = rate(lambda: certificate_key(authority).sign_digest(digest), 2000)
        skeleton = rate(lambda: signer.sign_digest(digest, now), 2000)
        alone = rate(peer, 20)
        rows = [
            ("P-256 signature, bare", raw, 1.0, "limit"),
            ("CMS from the kept skeleton", skeleton, skeleton / raw, "of the bare rate"),
            ("credential signed", rate(lambda: sign(PAYLOAD, authority.service), 1000), 0, "≥ 5000/s"),
            ("credential checked", rate(lambda: verify(token, authority.keyset), 1000), 0, "≥ 5000/s"),
            ("pyHanko validates a certificate", alone, 1.0, "peer"),
        ]
        for name, work in (("validate", validate), ("validate_isolated", validate_isolated)):
            found = rate(lambda work=work: work(data, authority.anchors), 20)  # type: ignore[misc]
            rows.append((f"{name} of a certificate", found, alone / found, "× pyHanko's time (≤ 1.2)"))
        for name, number, ratio, meaning in rows:
            print(f"{name:36} {number:10.0f}/s  {f'{ratio:.2f}' if ratio else '':>5}  {meaning}")
        levels_bench.run(authority)
    return 0
