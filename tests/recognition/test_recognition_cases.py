"""Regions that trust each other's keys and nothing else: every failure for real, and what it decides."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recognition_world import World

    from registry.verification.answers import Verification

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))

EXPECTED = {
    "PDF, issuer online": ("genuine", "usable", "verified_online"),
    "code and region": ("registered", "usable", "verified_online"),
    "address out of the QR code": ("registered", "usable", "verified_online"),
    "credential alone": ("registered", "usable", "verified_online"),
    "targeted evaluation": ("genuine", "usable_in_league", "targeted"),
    "revoked": ("revoked", "not_usable", "revoked"),
    "suspended": ("suspended", "not_usable", "suspended"),
    "one byte changed": ("tampered", "not_usable", "tampered"),
    "credential forged": ("tampered", "not_usable", "tampered"),
    "name typed differently": ("unknown", "undecided", "mismatch"),
    "issuer knows no such person": ("unknown", "reconfirm", "not_found"),
    "on paper only": ("unknown", "reconfirm", "paper_only"),
    "region not on the list": ("unknown", "reconfirm", "region_unknown"),
    "slow, no status list": ("unknown", "undecided", "unreachable"),
    "down, status list fresh": ("genuine", "usable", "verified_by_list"),
    "down, revoked before the list": ("revoked", "not_usable", "revoked"),
    "down, revoked after the last list": ("genuine", "usable", "verified_by_list"),
    "down, code only": ("unknown", "undecided", "unreachable"),
    "answer replayed, status list fresh": ("genuine", "usable", "verified_by_list"),
    "answer replayed, no status list": ("unknown", "undecided", "unreachable"),
    "answer signed by a stranger": ("unknown", "undecided", "unreachable"),
    "issuer's clock an hour behind": ("unknown", "undecided", "unreachable"),
    "down, status list stale": ("unknown", "undecided", "unreachable"),
    "online again, revoked meanwhile": ("unknown", "undecided", "unreachable"),
    "service key rotated, list not yet renewed": ("unknown", "undecided", "unreachable"),
    "service key rotated, list renewed": ("genuine", "usable", "verified_online"),
    "revoked after the last list, asked again": ("revoked", "not_usable", "revoked"),
    "series not agreed": ("genuine", "reconfirm", "series_outside"),
    "level not agreed": ("genuine", "reconfirm", "level_outside"),
    "issued before the agreement": ("genuine", "reconfirm", "date_outside"),
    "agreed for one place": ("genuine", "usable_in_league", "scope_agreed"),
    "member suspended later": ("genuine", "usable", "verified_online"),
    "member suspended at the day of issue": ("unknown", "undecided", "region_suspended"),
    "region not yet accepted at the day of issue": ("genuine", "not_usable", "region_not_accepted"),
}


def test_every_case_gets_its_decision(played: dict[str, Verification]) -> None:
    """Nothing unreachable, replayed or wrongly signed is ever taken as a yes or as a no."""
    decided = {
        name: (str(one.verdict), str(one.recognition.code), str(one.recognition.reason))
        for name, one in played.items()
    }
    assert decided == EXPECTED


def test_the_table_in_the_documentation_is_what_was_decided(played: dict[str, Verification]) -> None:
    """docs/recognition.md is written from these cases; `make_recognition.py` writes it."""
    import make_recognition

    assert make_recognition.page(EXPECTED) == (ROOT / "docs" / "recognition.md").read_text("utf-8")
    assert set(played) == set(EXPECTED)


def test_an_answer_says_who_reconfirms_and_with_which_papers(played: dict[str, Verification]) -> None:
    """高级 goes to the autonomous region, 中初级 to the competent office."""
    senior = played["region not on the list"].recognition
    junior = played["issuer knows no such person"].recognition
    assert senior.by == "内蒙古自治区人力资源和社会保障厅"
    assert "按职称管理权限" in str(junior.by)
    assert "原职称证书" in senior.papers
    assert senior.clause == "第五十七条"


def test_the_signed_answer_is_kept_as_evidence(world: World, played: dict[str, Verification]) -> None:
    """Who has to justify a decision later finds the answer, its time and the list that was in use."""
    import json

    answer = played["PDF, issuer online"].recognition
    kinds = [one["kind"] for one in answer.evidence]
    assert kinds == ["trust_list", "credential", "answer"]
    [path] = (world.a.home.root / "recognition").rglob(f"{answer.record}.json")
    kept = json.loads(path.read_text("utf-8"))
    assert kept["decision"]["reason"] == "verified_online"
    assert len(kept["tokens"]) == 2
    assert path.stat().st_mode & 0o077 == 0


def test_a_replayed_answer_is_named_in_the_evidence(played: dict[str, Verification]) -> None:
    """The nonce shows that it was made for somebody else's question."""
    refused = [
        one["reason"]
        for one in played["answer replayed, status list fresh"].recognition.evidence
        if one["kind"] == "answer_refused"
    ]
    assert refused == ["nonce"]


def test_the_sentence_never_calls_an_unreachable_certificate_bad(played: dict[str, Verification]) -> None:
    """查询不可用时挂起，不得判为不能核实."""
    sentence = played["slow, no status list"].recognition.message
    assert "不得据此认定证书无效" in sentence


def test_a_suspended_members_day_of_issue_is_called_its_own_statement(
    played: dict[str, Verification],
) -> None:
    """Who may no longer issue could date back: the sentence says whose word the day is."""
    assert "只是其自己的陈述" in played["member suspended later"].recognition.message
    assert "its own statement" in played["member suspended later"].recognition.sentence("en")
    assert "陈述" not in played["PDF, issuer online"].recognition.message


def test_paper_is_not_asked_for(played: dict[str, Verification]) -> None:
    """No region is put a question, the level says who re-confirms."""
    answer = played["on paper only"].recognition
    assert [one["kind"] for one in answer.evidence] == ["paper"]
    assert answer.by == "内蒙古自治区人力资源和社会保障厅"
    assert "示例省人事厅" in answer.message
