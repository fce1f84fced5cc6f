"""Entries and lists: what a member refuses."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from signing.authority.opening import demo_authority
from signing.errors import PassphraseWrong
from signing.keys.passphrase import Passphrase
from signing.keys.service_key import KeySet, ServiceKey
from signing.trustlist import (
    Anchor,
    EntryFacts,
    MemberState,
    accept_list,
    admit,
    create_anchor,
    new_list,
    read_anchor_key,
    read_entry,
    sign_entry,
    suspend,
)
from signing.trustlist.editing import Draft
from signing.trustlist.errors import (
    AnchorExists,
    CriticalFieldUnknown,
    EntryNotSigned,
    ListExpired,
    ListFromFuture,
    ListHistoryChanged,
    ListNotSigned,
    ListRolledBack,
    ListSplit,
)

NOW = datetime(2026, 5, 4, 3, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
DAY = date(2026, 1, 1)
NONE: frozenset[str] = frozenset()
KNOWN = frozenset({"levels"})


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> EntryFacts:
    trust = demo_authority(tmp_path_factory.mktemp("keys"), at=NOW).anchors
    return EntryFacts("990001", "甲州", "甲州人社局", "电话", "http://127.0.0.1:1", "", {}, trust)


@pytest.fixture(scope="module")
def entry_key() -> ServiceKey:
    return ServiceKey.generate()


@pytest.fixture
def anchor(tmp_path: Path) -> Anchor:
    return create_anchor(tmp_path / "anchor", "锚", at=NOW - YEAR)


@pytest.fixture(scope="module")
def entry(facts: EntryFacts, entry_key: ServiceKey) -> str:
    return sign_entry(facts, entry_key, (NOW - YEAR, NOW + YEAR), NOW)


def signed(anchor: Anchor, draft: Draft, sequence: int, **changes: timedelta) -> str:
    key = ServiceKey.open(anchor.folder / "anchor.key.pem")
    at = NOW + changes.get("at", timedelta())
    return new_list(draft, anchor.name, key, sequence, at, at + changes.get("life", YEAR))


def admitted(entry: str, conditions: dict[str, object] | None = None) -> Draft:
    return admit(Draft(), read_entry(entry), DAY, conditions or {})


def test_a_list_of_the_anchor_is_accepted_and_says_who_is_a_member(anchor: Anchor, entry: str) -> None:
    """The member's facts come out as they went in."""
    found = accept_list(signed(anchor, admitted(entry), 1), anchor.keys, NOW)
    member = found.member("990001")
    assert member is not None
    assert (member.entry.facts.name, member.accepted_on(DAY)) == ("甲州", True)
    assert not member.accepted_on(DAY - timedelta(days=1))


def test_a_suspended_member_counts_until_the_day_of_its_suspension(anchor: Anchor, entry: str) -> None:
    """What was made before keeps its worth."""
    draft = suspend(admitted(entry), "990001", date(2026, 3, 1))
    member = accept_list(signed(anchor, draft, 1), anchor.keys, NOW).members[0]
    assert member.state is MemberState.SUSPENDED
    assert member.accepted_on(date(2026, 2, 28))
    assert not member.accepted_on(date(2026, 3, 1))


def test_an_older_list_is_refused(anchor: Anchor, entry: str) -> None:
    """Nobody can bring back a member that was suspended by showing last month's list."""
    last = accept_list(signed(anchor, admitted(entry), 2), anchor.keys, NOW)
    with pytest.raises(ListRolledBack):
        accept_list(signed(anchor, admitted(entry), 1), anchor.keys, NOW, last)


def test_two_lists_of_one_number_are_refused(anchor: Anchor, entry: str) -> None:
    """A split view comes to light as soon as both lists meet."""
    last = accept_list(signed(anchor, admitted(entry), 2), anchor.keys, NOW)
    assert accept_list(last.token, anchor.keys, NOW, last) == last
    with pytest.raises(ListSplit):
        accept_list(signed(anchor, admitted(entry, {"levels": []}), 2), anchor.keys, NOW, last, KNOWN)


def test_a_list_that_forgets_an_act_is_refused(anchor: Anchor, entry: str) -> None:
    """The history only grows."""
    draft = suspend(admitted(entry), "990001", date(2026, 3, 1))
    last = accept_list(signed(anchor, draft, 1), anchor.keys, NOW)
    with pytest.raises(ListHistoryChanged):
        accept_list(signed(anchor, admitted(entry), 2), anchor.keys, NOW, last)


def test_an_expired_list_and_one_from_the_future_are_refused(anchor: Anchor, entry: str) -> None:
    """Both clocks must roughly agree, and old trust ends by itself."""
    with pytest.raises(ListExpired):
        accept_list(signed(anchor, admitted(entry), 1), anchor.keys, NOW + 2 * YEAR)
    with pytest.raises(ListFromFuture):
        accept_list(signed(anchor, admitted(entry), 1, at=timedelta(hours=1)), anchor.keys, NOW)


def test_a_condition_that_is_not_understood_refuses_the_list(anchor: Anchor, entry: str) -> None:
    """Passing over a restriction would grant more than the anchor does."""
    token = signed(anchor, admitted(entry, {"levels": ["中级"]}), 1)
    with pytest.raises(CriticalFieldUnknown) as caught:
        accept_list(token, anchor.keys, NOW, understood=NONE)
    assert caught.value.data == {"field": "levels"}
    assert accept_list(token, anchor.keys, NOW, understood=KNOWN).members[0].conditions == {
        "levels": ["中级"]
    }


def test_a_list_of_another_anchor_is_refused(anchor: Anchor, entry: str, tmp_path: Path) -> None:
    """Only the key that the member holds counts."""
    other = create_anchor(tmp_path / "other", "假锚", at=NOW - YEAR)
    with pytest.raises(ListNotSigned):
        accept_list(signed(other, admitted(entry), 1), anchor.keys, NOW)


def test_a_forged_entry_is_refused_even_in_a_signed_list(
    anchor: Anchor, facts: EntryFacts, entry: str
) -> None:
    """The anchor's key alone cannot speak for a member: the entry's own signature is checked against its key."""
    stranger = ServiceKey.generate()
    forged = sign_entry(replace(facts, address="http://evil"), stranger, (NOW - YEAR, NOW + YEAR), NOW)
    draft = admitted(entry)
    listed = replace(
        draft.members[0],
        entry=replace(read_entry(forged), kid=draft.members[0].entry.kid),
    )
    with pytest.raises(EntryNotSigned):
        accept_list(signed(anchor, Draft((listed,), draft.history), 1), anchor.keys, NOW)
    with pytest.raises(EntryNotSigned):
        admit(draft, read_entry(forged), DAY, {})


def test_one_changed_character_of_an_entry_is_seen(entry: str) -> None:
    """An entry vouches for its own text."""
    head, body, signature = entry.split(".")
    other = "A" if signature[5] != "A" else "B"
    with pytest.raises(EntryNotSigned):
        read_entry(f"{head}.{body}.{signature[:5]}{other}{signature[6:]}")


def test_an_anchor_keeps_its_key_under_a_pass_phrase_and_every_list(
    tmp_path: Path, entry: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The draft needs no key; signing does; the folder only grows."""
    monkeypatch.setenv("ANCHOR_WORD", "correct horse")
    unlock = Passphrase("env:ANCHOR_WORD")
    anchor = create_anchor(tmp_path / "anchor", "锚", unlock, at=NOW - YEAR)
    assert b"ENCRYPTED" in (anchor.folder / "anchor.key.pem").read_bytes()
    anchor.keep(admit(anchor.draft(NONE), read_entry(entry), DAY, {}))
    with pytest.raises(PassphraseWrong):
        anchor.sign(NOW, YEAR, NONE)
    first = anchor.sign(NOW, YEAR, NONE, unlock)
    anchor.keep(suspend(anchor.draft(NONE), "990001", date(2026, 3, 1)))
    second = anchor.sign(NOW, YEAR, NONE, unlock)
    assert [one.sequence for one in anchor.lists(NONE)] == [1, 2]
    assert accept_list(second.token, anchor.keys, NOW, first).members[0].state is MemberState.SUSPENDED
    with pytest.raises(AnchorExists):
        create_anchor(tmp_path / "anchor", "锚")


def test_members_keep_only_the_public_half(anchor: Anchor) -> None:
    """The file that is handed out holds no secret."""
    name, keys = read_anchor_key(anchor.public_file)
    assert (name, isinstance(keys, KeySet)) == ("锚", True)
    assert '"d"' not in anchor.public_file.read_text("utf-8")
