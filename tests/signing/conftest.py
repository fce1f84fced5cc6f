"""What the tests of the signing room share: a demo authority, a small PDF, samples of every level, a local TSA."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from signing_helpers import TsaServer

from signing.authority.opening import Authority, demo_authority, demo_crls
from signing.keys import PemSource, SigningKey, open_key
from signing.keys.certificate_key import certificate_key
from signing.pades.revocation import RevocationData
from signing.pades.sign import SigningPlan, sign_pdf
from signing.settings import Level
from signing.timestamp import LocalTimestamper, NoTimestamper, TimestampAuthority


@pytest.fixture(scope="session")
def now() -> datetime:
    """The moment at which the session's samples are signed."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A demo authority made for the session."""
    return demo_authority(tmp_path_factory.mktemp("authority") / "keys")


@pytest.fixture(scope="session")
def plain_pdf() -> bytes:
    """One empty A4 page, unsigned."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    buffer = BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def tsa_key(authority: Authority) -> SigningKey:
    """The demo authority's time-stamping key."""
    source = PemSource(authority.folder / "tsa.key.pem", authority.folder / "tsa.cert.pem")
    return open_key(source, purpose="timestamp")


@pytest.fixture(scope="session")
def crls(authority: Authority, now: datetime) -> RevocationData:
    """Fresh lists of the demo authorities on which nobody stands."""
    return RevocationData(tuple(one.public_bytes(Encoding.DER) for one in demo_crls(authority.folder, now)))


@pytest.fixture(scope="session")
def signed(
    authority: Authority, plain_pdf: bytes, tsa_key: SigningKey, crls: RevocationData, now: datetime
) -> dict[Level, bytes]:
    """The small PDF signed at every level."""
    local = LocalTimestamper(TimestampAuthority(tsa_key))
    return {
        level: sign_pdf(
            plain_pdf,
            certificate_key(authority),
            now,
            SigningPlan(
                level=level,
                timestamper=local if level.needs_timestamp else NoTimestamper(),
                revocation=crls if level.needs_revocation else RevocationData(),
            ),
        )
        for level in Level
    }


@pytest.fixture
def tsa_servers(tsa_key: SigningKey) -> Iterator[list[TsaServer]]:
    """Two time-stamp authorities on loopback."""
    servers, states = [], []
    for _ in range(2):
        state = TsaServer(TimestampAuthority(tsa_key))
        stop = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            current, stopping = state, stop

            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["Content-Length"]))
                if self.current.mode == "slow":
                    self.current.asked += 1
                    self.stopping.wait(60)
                    return
                status, kind, body = self.current.answer(query)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        state.url = f"http://127.0.0.1:{server.server_port}/"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append((server, stop))
        states.append(state)
    yield states
    for server, stop in servers:
        stop.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def day() -> timedelta:
    """One day."""
    return timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A private folder."""
    return tmp_path
