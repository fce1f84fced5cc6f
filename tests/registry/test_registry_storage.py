"""Every kind of store fits the same protocol; a bucket takes and gives back what a folder does."""

from __future__ import annotations

import hashlib
import inspect
import os
import stat
import threading
import uuid
import warnings
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from registry_helpers import in_chunks_of, issue_blank

from core.errors import HomeNotReady
from core.settings import Home
from registry.audit.checks import check_register
from registry.errors import StoredFileMissing, StoreNotReady, StoreNotWritable
from registry.register import Register
from registry.settings import StorageSettings
from registry.storage import FolderStorage, NullStorage, Storage, open_storage
from registry.storage.s3 import S3Storage
from signing.authority.opening import open_authority

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from records.batch.model import Batch

DATA = b"%PDF-1.7 a certificate"
HASH = hashlib.sha256(DATA).hexdigest()
KEYS = {"access_key": "key", "secret_key": "secret"}


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """A real S3 server on loopback."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from moto.server import ThreadedMotoServer

        server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_endpoint: str) -> dict[str, Any]:
    """Settings of a fresh bucket."""
    name = f"b{uuid.uuid4().hex[:12]}"
    httpx.put(f"{s3_endpoint}/{name}").raise_for_status()
    return {"url": f"s3://{name}/certificates", "endpoint": s3_endpoint, **KEYS}


@pytest.fixture(params=["folder", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """An empty store of each kind."""
    if request.param == "folder":
        return FolderStorage(tmp_path / "files")
    return S3Storage(StorageSettings(**request.getfixturevalue("bucket")))


@pytest.mark.parametrize("kind", [FolderStorage, S3Storage, NullStorage])
def test_every_kind_of_store_fits_the_protocol(kind: type) -> None:
    """Same functions, same parameters."""
    wanted = {name for name in vars(Storage) if not name.startswith("_")} | {"__iter__"}
    assert {"put", "get", "settle", "hand_out"} < wanted
    for name in wanted:
        offered, asked = (inspect.signature(getattr(one, name)) for one in (kind, Storage))
        assert list(offered.parameters) == list(asked.parameters), name


def test_what_is_put_is_got_back_and_can_be_forgotten(storage: Storage) -> None:
    """Putting twice and discarding twice are harmless."""
    for _ in range(2):
        storage.put(DATA, HASH)
    storage.settle()
    assert storage.get(HASH) == DATA
    assert list(storage) == [HASH]
    assert storage.place(HASH).endswith(f"/{HASH[0]}/{HASH[1]}/{HASH}.pdf")
    for _ in range(2):
        storage.discard(HASH)
    assert list(storage) == []
    with pytest.raises(StoredFileMissing):
        storage.get(HASH)


def test_bytes_that_do_not_fit_their_name_are_not_given_out(storage: Storage, tmp_path: Path) -> None:
    """A store that lies is found out at reading."""
    storage.put(DATA + b"!", HASH)
    storage.settle()
    with pytest.raises(StoredFileMissing):
        storage.get(HASH)


def test_a_file_is_handed_out_whole_and_replaces_what_was_there(storage: Storage, tmp_path: Path) -> None:
    """Hard link or copy, the reader sees the registered bytes."""
    storage.put(DATA, HASH)
    storage.settle()
    target = tmp_path / "out.pdf"
    target.write_bytes(b"older")
    assert not storage.link(HASH, str(target))
    assert not storage.holds(HASH, str(target))
    storage.hand_out(HASH, str(target))
    assert target.read_bytes() == DATA
    assert storage.holds(HASH, str(target))
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["out.pdf"]


def test_the_null_store_keeps_nothing(tmp_path: Path) -> None:
    """What needs a file says that it is missing."""
    storage = NullStorage()
    storage.put(DATA, HASH)
    storage.settle()
    assert list(storage) == []
    with pytest.raises(StoredFileMissing):
        storage.hand_out(HASH, str(tmp_path / "out.pdf"))


def test_a_refused_upload_is_told_to_the_thread_that_made_it(bucket: dict[str, Any]) -> None:
    """No bucket of that name: nothing may be registered after `settle`; another thread hears nothing of it."""
    storage = S3Storage(StorageSettings(**bucket | {"url": "s3://no-such-bucket"}))
    storage.put(DATA, HASH)
    elsewhere = threading.Thread(target=storage.settle)
    elsewhere.start()
    elsewhere.join()
    with pytest.raises(StoreNotWritable):
        storage.settle()
    storage.settle()


def test_a_store_that_does_not_answer_is_not_a_missing_file(bucket: dict[str, Any]) -> None:
    """The operator looks at the network, not for lost certificates."""
    storage = S3Storage(StorageSettings(**bucket | {"endpoint": "http://127.0.0.1:9"}))
    with pytest.raises(StoreNotReady):
        storage.get(HASH)


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_a_batch_is_issued_checked_and_backed_up_with_its_files_in_a_bucket(
    home: Home, batch: Batch, bucket: dict[str, Any], tmp_path: Path
) -> None:
    """Two processes press into the bucket; `check` finds one lost object; the backup brings it to a folder."""
    from registry.database.backup import back_up, restore

    with home.config.open("a", encoding="utf-8") as config:
        config.write("[storage]\n" + "".join(f'{name} = "{value}"\n' for name, value in bucket.items()))
    with Register.open(home) as register:
        report = issue_blank(in_chunks_of(8, register), batch, tmp_path / "out", jobs_wanted=2)
        assert report.issued == len(batch.passed) == len(list(register.storage))
        assert not any(home.files.iterdir())
        keyset = open_authority(home).keyset
        assert check_register(register, keyset).problems == ()
        assert len(list((tmp_path / "out" / "certificates").iterdir())) == report.issued
        back_up(register, tmp_path / "backup.tar")
        lost = next(iter(register.storage))
        register.storage.discard(lost)
        assert [one.code for one in check_register(register, keyset).problems] == ["file_missing"]
    other = Home(tmp_path / "other")
    other.root.mkdir()
    other.config.write_text("", "utf-8")
    restore(tmp_path / "backup.tar", other)
    assert len(list(FolderStorage(other.files))) == report.issued


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "ftp://host/x"},
        {"url": "s3:///x"},
        {"url": "files"},
        {"access_key": "only"},
        {"endpoint": "storage.local"},
    ],
)
def test_settings_that_contradict_themselves_are_refused(wrong: dict[str, str], tmp_path: Path) -> None:
    """At start, not at the 800th certificate."""
    home = Home(tmp_path)
    home.config.write_text("[storage]\n" + "".join(f'{k} = "{v}"\n' for k, v in wrong.items()), "utf-8")
    with pytest.raises(HomeNotReady, match="storage"):
        open_storage(home)


def test_another_folder_may_be_named(tmp_path: Path) -> None:
    """For instance one that all machines mount."""
    home = Home(tmp_path)
    home.config.write_text(f'[storage]\nurl = "file://{tmp_path}/shared"\n', "utf-8")
    storage = open_storage(home)
    storage.put(DATA, HASH)
    assert os.path.exists(tmp_path / "shared" / HASH[0] / HASH[1] / f"{HASH}.pdf")  # noqa: PTH110


@pytest.mark.parametrize("before", [None, 0o755, 0o2775, 0o700])
def test_the_store_is_closed_to_other_users(tmp_path: Path, before: int | None) -> None:
    """Also one that an earlier release made; what owner and group may do stays as the operator set it."""
    root = tmp_path / "files"
    if before is not None:
        root.mkdir()
        root.chmod(before)
    FolderStorage(root).put(DATA, HASH)
    wanted = 0o750 if before is None else before & ~0o007
    assert stat.S_IMODE(root.stat().st_mode) == wanted
