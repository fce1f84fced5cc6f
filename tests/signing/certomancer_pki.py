"""A whole certification authority by certomancer over real HTTP: signer, OCSP, CRLs, two time-stamp authorities."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import CertLabel, CertomancerConfig
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

ARCH = "pki"
NAMES = ("root", "issuing", "signer", "responder", "tsa-root", "tsa", "tsa-second")
ORGANISATION = "样本认证中心"


@dataclass
class Pki:
    """The running authority. `modes`: path → right (default), error, hang, or the number of right answers left."""

    folder: Path
    url: str = ""
    modes: dict[str, str | int] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    stop: threading.Event = field(default_factory=threading.Event)
    animator: Any = None
    made: dict[bool, Any] = field(default_factory=dict)

    @property
    def tsa_urls(self) -> list[str]:
        """The first and the second time-stamp authority."""
        return [f"{self.url}/{ARCH}/tsa/{name}" for name in ("tsa", "tsa-second")]

    @property
    def tsa_paths(self) -> list[str]:
        """Their paths, for `modes`."""
        return [f"/{ARCH}/tsa/{name}" for name in ("tsa", "tsa-second")]

    def reset(self, *, revoked: bool = False) -> None:
        """Everything answers rightly again; `revoked`: the signer's certificate was revoked two days ago."""
        self.modes.clear()
        self.asked.clear()
        if revoked not in self.made:
            config = CertomancerConfig(_config(revoked), str(self.folder), external_url_prefix=self.url)
            self.made[revoked] = Animator(AnimatorArchStore(config.pki_archs), with_web_ui=False)
        self.animator = self.made[revoked]
        one = next(iter(self.animator.architectures))
        chain = [one.get_cert(CertLabel(name)).dump() for name in ("signer", "issuing", "root")]
        pem = [x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM) for der in chain]
        (self.folder / "chain.pem").write_bytes(b"".join(pem))
        (self.folder / "root.cert.pem").write_bytes(pem[-1])
        stamping = x509.load_der_x509_certificate(one.get_cert(CertLabel("tsa-root")).dump())
        (self.folder / "tsa-root.cert.pem").write_bytes(stamping.public_bytes(Encoding.PEM))

    def settings(self, level: str, **more: str) -> dict[str, str]:
        """The environment of a home that signs with this authority's certificate."""
        urls = ", ".join(f'"{url}"' for url in self.tsa_urls)
        named = {
            "level": level,
            "key": f"pem:{self.folder}/signer.pem,{self.folder}/chain.pem",
            "tsa": "rfc3161",
            "tsa_urls": f"[{urls}]",
            "tsa_roots": f'["{self.folder}/tsa-root.cert.pem"]',
            "fetch_revocation": "true",
            **more,
        }
        return {f"ZHICHENG_SIGNING_{name.upper()}": value for name, value in named.items()}

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """The WSGI application: certomancer's, unless a path is to misbehave."""
        path = environ["PATH_INFO"]
        self.asked[path] += 1
        mode = self.modes.get(path, "right")
        if isinstance(mode, int):
            self.modes[path] = mode - 1 if mode > 1 else "error"
        if mode == "hang":
            self.stop.wait(5)
        if mode in ("hang", "error"):
            start("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b"busy"]
        answer: Iterable[bytes] = self.animator(environ, start)
        return answer


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def running_pki(folder: Path) -> Iterator[Pki]:
    """Make keys, serve on loopback."""
    for name in NAMES:
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / f"{name}.pem").write_bytes(pem)
    (folder / "signer.pem").chmod(0o600)
    pki = Pki(folder)
    server = make_server("127.0.0.1", 0, pki, server_class=_Server, handler_class=_Quiet)
    pki.url = f"http://127.0.0.1:{server.server_port}"
    pki.reset()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield pki
    pki.stop.set()
    server.shutdown()
    server.server_close()
    thread.join()


def _config(revoked: bool) -> dict[str, Any]:
    certs = {
        "root": _ca("root", "root"),
        "tsa-root": _ca("tsa-root", "tsa-root"),
        "issuing": _ca("issuing", "root", _crl("root")),
        "signer": _cert("signer", "issuing", _usage("digital_signature", "non_repudiation"), _ocsp()),
        "responder": _cert(
            "responder", "issuing", _usage("digital_signature"), _purpose("ocsp_signing"), _NO_CHECK
        ),
    }
    for name in ("tsa", "tsa-second"):
        purpose = _purpose("time_stamping", critical=True)
        certs[name] = _cert(name, "tsa-root", _usage("digital_signature"), purpose, _crl("tsa-root"))
    if revoked:
        since = (datetime.now(UTC) - timedelta(days=2)).isoformat(timespec="seconds")
        certs["signer"]["revocation"] = {"revoked-since": since, "reason": "key_compromise"}
    return {
        "keysets": {ARCH: {"keys": {name: {"path": f"{name}.pem"} for name in NAMES}}},
        "pki-architectures": {
            ARCH: {
                "entity-defaults": {"country-name": "CN", "organization-name": ORGANISATION},
                "entities": {name: {"common-name": f"样本 {name}"} for name in NAMES},
                "certs": certs,
                "services": _SERVICES,
            }
        },
    }


_SERVICES: dict[str, Any] = {
    "ocsp": {"issuing": {"for-issuer": "issuing", "responder-cert": "responder", "signing-key": "responder"}},
    "crl-repo": {
        name: {"for-issuer": name, "signing-key": name, "simulated-update-schedule": "P30D"}
        for name in ("root", "tsa-root")
    },
    "time-stamping": {
        name: {"signing-cert": name, "signing-key": name, "certs-to-embed": ["tsa-root"]}
        for name in ("tsa", "tsa-second")
    },
}
_NO_CHECK = {"id": "ocsp_no_check"}


def _cert(subject: str, issuer: str, *extensions: dict[str, Any]) -> dict[str, Any]:
    moment = datetime.now(UTC).replace(microsecond=0)
    validity = {
        "valid-from": (moment - timedelta(days=20)).isoformat(),
        "valid-to": (moment + timedelta(days=900)).isoformat(),
    }
    return {"subject": subject, "issuer": issuer, "validity": validity, "extensions": list(extensions)}


def _ca(subject: str, issuer: str, *extensions: dict[str, Any]) -> dict[str, Any]:
    constraints = {"id": "basic_constraints", "critical": True, "value": {"ca": True}}
    return _cert(subject, issuer, constraints, _usage("key_cert_sign", "crl_sign"), *extensions)


def _usage(*usages: str) -> dict[str, Any]:
    return {
        "id": "key_usage",
        "critical": True,
        "smart-value": {"schema": "key-usage", "params": list(usages)},
    }


def _purpose(name: str, *, critical: bool = False) -> dict[str, Any]:
    return {"id": "extended_key_usage", "critical": critical, "value": [name]}


def _crl(name: str) -> dict[str, Any]:
    value = {"schema": "crl-dist-url", "params": {"crl-repo-names": [name]}}
    return {"id": "crl_distribution_points", "smart-value": value}


def _ocsp() -> dict[str, Any]:
    value = {"schema": "aia-urls", "params": {"ocsp-responder-names": ["issuing"]}}
    return {"id": "authority_information_access", "smart-value": value}
