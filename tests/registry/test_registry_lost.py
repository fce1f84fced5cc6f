"""A register whose file is gone, torn, or left behind by a move: said plainly, never replaced by an empty one."""

from pathlib import Path

import pytest

from core.settings import Home
from registry.database.backup import back_up, restore
from registry.database.transfer import put_aside
from registry.errors import DatabaseGone, DatabaseNotReady
from registry.register import Register


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with a register in SQLite."""
    place = Home(tmp_path / "home")
    Register.open(place).close()
    return place


def file_of(home: Home) -> Path:
    return home.root / "zhicheng.db"


def test_a_lost_file_is_not_replaced_by_an_empty_register(home: Home) -> None:
    """Gone or emptied: an error with the path, the setting and the remedy; nothing is made."""
    file_of(home).unlink()
    with pytest.raises(DatabaseGone) as caught:
        Register.open(home)
    for named in (str(file_of(home)), "ZHICHENG_REGISTRY_DATABASE", "database restore"):
        assert named in caught.value.diagnostics()
    assert not file_of(home).exists()
    file_of(home).touch()
    with pytest.raises(DatabaseGone):
        Register.open(home)
    assert file_of(home).stat().st_size == 0


def test_a_torn_file_is_said_to_be_none(home: Home) -> None:
    """What is no database is an installation that is not ready, not a failure of the program."""
    file_of(home).write_bytes(b"\x07" * 100_000)
    with pytest.raises(DatabaseNotReady, match="not a database") as caught:
        Register.open(home)
    assert caught.value.exit_code == 3


def test_a_backup_still_comes_back_into_an_empty_home(home: Home, tmp_path: Path) -> None:
    """Its keys are there before its rows."""
    with Register.open(home) as register:
        back_up(register, tmp_path / "backup.tar")
    restore(tmp_path / "backup.tar", Home(tmp_path / "other"))
    with Register.open(Home(tmp_path / "other")) as back:
        assert back.lookup.ready()
    assert file_of(Home(tmp_path / "other")).stat().st_size > 0


def test_nobody_goes_on_in_the_file_that_was_moved_from(home: Home) -> None:
    """The old file is kept under another name; a command without the new address stops."""
    before = file_of(home).read_bytes()
    aside = put_aside(home)
    assert aside is not None
    assert (aside.name, aside.read_bytes()) == ("zhicheng.db.moved", before)
    with pytest.raises(DatabaseGone):
        Register.open(home)
    assert put_aside(home) is None


@pytest.mark.parametrize("address", ["mysql://host/x", "nonsense", "postgres:/x"])
def test_an_address_of_another_database_is_refused(
    address: str, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form that is meant stands in the message."""
    from core.errors import HomeNotReady

    monkeypatch.setenv("ZHICHENG_REGISTRY_DATABASE", address)
    with pytest.raises(HomeNotReady, match="postgresql://用户:口令@主机/库名"):
        Register.open(home)
