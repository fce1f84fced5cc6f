"""What is kept of other regions: status lists that are damaged or ahead of time, and a trust list that somebody takes away."""

import sqlite3
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from recognition_regions import Region, anchor_in, hand_out, new_region, take_in

from registry.audit.checks import check_register
from registry.certificates.status_lists import read_state
from registry.clock import now
from registry.errors import StatusListDamaged, StatusListForeign, StatusListUnknown
from registry.model import State
from registry.recognition.members import Members
from registry.recognition.pin import pinned, raise_pin
from registry.recognition.refreshing import refresh_from
from registry.recognition.statuses import StatusStore
from registry.register import Register
from signing.authority.opening import open_authority
from signing.credential.token import STATUS_LIST_TYPE, sign
from signing.errors import TokenFromFuture
from signing.trustlist import Anchor, Listed
from signing.trustlist.errors import ListRolledBack


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Region, Region, Anchor]:
    """A asks about B; nobody serves."""
    a, b = new_region(tmp_path, "900021", "己州"), new_region(tmp_path, "900022", "庚州")
    anchor = anchor_in(tmp_path / "anchor")
    take_in(anchor, b)
    hand_out(anchor, a)
    return a, b, anchor


@pytest.fixture
def store(pair: tuple[Region, Region, Anchor]) -> StatusStore:
    """Where A keeps status lists."""
    return StatusStore(Members(pair[0].home).folder / "status")


@pytest.fixture
def member(pair: tuple[Region, Region, Anchor]) -> Listed:
    """B as A has it."""
    return Members(pair[0].home).others("900021")[0]


@pytest.fixture
def made(pair: tuple[Region, Region, Anchor]) -> Callable[..., str]:
    """Lists that B signs, however wrong."""

    def make(minutes: int = 0, **changes: object) -> str:
        moment = now() + timedelta(minutes=minutes)
        payload = {
            "iss": "900022",
            "sub": "http://127.0.0.1/api/v1/status-lists/1",
            "iat": int(moment.timestamp()),
            "exp": int((moment + timedelta(days=1)).timestamp()),
            "status_list": {"bits": 2, "lst": _packed(bytes(1024))},
        }
        return sign({**payload, **changes}, open_authority(pair[1].home).service, STATUS_LIST_TYPE)

    return make


def _packed(data: bytes) -> str:
    import zlib

    return urlsafe_b64encode(zlib.compress(data)).rstrip(b"=").decode()


DAMAGED = {
    "no zlib": {"status_list": {"bits": 2, "lst": "AAAA"}},
    "cut off": {"status_list": {"bits": 2, "lst": _packed(bytes(1 << 16))[:40]}},
    "no Base64": {"status_list": {"bits": 2, "lst": "é"}},
    "a number": {"status_list": {"bits": 2, "lst": 5}},
    "no list": {"status_list": None},
    "one bit": {"status_list": {"bits": 1, "lst": _packed(bytes(1024))}},
    "a bomb": {"status_list": {"bits": 2, "lst": _packed(bytes(1 << 26))}},
    "no end": {"exp": None},
    "an end in words": {"exp": "tomorrow"},
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_status_list_is_refused_and_the_one_before_it_stays(
    name: str, store: StatusStore, member: Listed, made: Callable[..., str]
) -> None:
    """A sentence, never zlib's error; who is asked about goes on being answered from the list before."""
    store.keep(member, made(-10))
    with pytest.raises(StatusListDamaged):
        store.keep(member, made(**DAMAGED[name]))
    listed = store.state(member, {"status": {"list": 1, "position": 3}}, now())
    assert listed is not None
    assert listed.state is State.VALID


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_list_that_is_kept_already_says_nothing(
    name: str, store: StatusStore, member: Listed, made: Callable[..., str]
) -> None:
    """One that an earlier release kept: no state, and no error; reading it outright is the core's own error."""
    token = made(**DAMAGED[name])
    store.folder.mkdir(parents=True)
    store.path(member.code, 1).write_text(token, "ascii")
    assert store.state(member, {"status": {"list": 1, "position": 3}}, now()) is None
    keyset = member.entry.facts.trust.keyset
    assert keyset is not None
    with pytest.raises(StatusListDamaged):
        read_state(token, 3, keyset)


def test_a_list_from_the_future_is_refused_and_blocks_nothing(
    store: StatusStore, member: Listed, made: Callable[..., str]
) -> None:
    """Neither when it comes nor when an earlier release has kept it."""
    with pytest.raises(TokenFromFuture):
        store.keep(member, made(60 * 24 * 365))
    store.folder.mkdir(parents=True, exist_ok=True)
    ahead = made(60 * 24 * 365)
    store.path(member.code, 1).write_text(ahead, "ascii")
    assert store.state(member, {"status": {"list": 1, "position": 3}}, now()) is None
    today = made()
    store.keep(member, today)
    assert store.path(member.code, 1).read_text("ascii") == today
    keyset = member.entry.facts.trust.keyset
    assert keyset is not None
    with pytest.raises(StatusListUnknown):
        read_state(ahead, 3, keyset)


@pytest.mark.parametrize("kept", ["", "x", "a.b.c", "\x00" * 9])
def test_a_kept_file_that_is_no_list_is_replaced(
    kept: str, store: StatusStore, member: Listed, made: Callable[..., str]
) -> None:
    """Half-written or spoilt, it is worth nothing."""
    store.folder.mkdir(parents=True)
    store.path(member.code, 1).write_text(kept, "ascii")
    store.keep(member, made())
    assert store.state(member, {"status": {"list": 1, "position": 3}}, now()) is not None


@pytest.mark.parametrize("number", ["²", "9" * 5000, "-1", "", "1.5"])
def test_a_list_with_an_impossible_number_is_refused(
    number: str, store: StatusStore, member: Listed, made: Callable[..., str]
) -> None:
    """In words."""
    with pytest.raises(StatusListForeign):
        store.keep(member, made(sub=f"http://127.0.0.1/{number}"))


def test_a_refresh_from_a_folder_names_the_bad_list_and_takes_the_good_one(
    pair: tuple[Region, Region, Anchor], made: Callable[..., str], tmp_path: Path
) -> None:
    """One damaged, one from the future, one that is no text, one good."""
    folder = tmp_path / "stick"
    folder.mkdir()
    (folder / "1.status.jwt").write_text(made(**DAMAGED["no zlib"]))
    (folder / "2.status.jwt").write_text(made(60 * 24))
    (folder / "3.status.jwt").write_bytes(b"\xff\xfe")
    (folder / "4.status.jwt").write_text(made())
    (done,) = refresh_from(pair[0].home, folder)
    assert (done.code, done.lists) == ("900022", 1)
    assert done.problem


def test_taking_the_newest_trust_list_away_rolls_nothing_back(
    pair: tuple[Region, Region, Anchor],
) -> None:
    """The register knows the highest number; the list before is refused until the newest, or a newer, is there again."""
    a, b, anchor = pair
    take_in(anchor, b, {"levels": ["副高级"]})
    hand_out(anchor, a)
    members = Members(a.home)
    current = members.current()
    assert current is not None
    newest = members.folder / "lists" / "000002.jwt"
    token = newest.read_text("ascii")
    newest.unlink()
    for _ in range(2):
        with pytest.raises(ListRolledBack):
            members.current()
    with pytest.raises(ListRolledBack):
        members.accept((members.folder / "lists" / "000001.jwt").read_text("ascii"))
    members.accept(token)
    again = members.current()
    assert again is not None
    assert again.sequence == current.sequence == 2
    for path in (members.folder / "lists").glob("*.jwt"):
        path.unlink()
    with pytest.raises(ListRolledBack):
        members.current()
    hand_out(anchor, a)
    last = members.current()
    assert last is not None
    assert last.sequence == 3


def test_the_highest_number_is_sealed_and_only_grows(pair: tuple[Region, Region, Anchor]) -> None:
    """It stands among the counters; somebody who lowers it in the database is found by the register's check."""
    home = pair[0].home
    assert pinned(home) == 1
    raise_pin(home, 7)
    raise_pin(home, 3)
    assert pinned(home) == 7
    with Register.open(home) as register:
        keyset = open_authority(home).keyset
        before = {one.code for one in check_register(register, keyset).problems}
        with sqlite3.connect(home.root / "zhicheng.db") as connection:
            connection.execute("UPDATE counters SET value = 1 WHERE name = '#trust-list'")
        connection.close()
        after = {one.code for one in check_register(register, keyset).problems}
    assert after > before


def test_a_home_without_a_list_asks_nobody(tmp_path: Path) -> None:
    """Looking makes no register."""
    region = new_region(tmp_path, "900023", "辛州")
    assert Members(region.home).current() is None
    assert not (region.home.root / "zhicheng.db").exists()
