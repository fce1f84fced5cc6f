"""Conclusions of complaints: whatever an office writes is one of four, or somebody is asked."""

import pytest

from records.batch.complaints import Settlement, holds_back, settlement_of
from records.batch.frozen import Place
from records.batch.model import Complaint

U, P, R, N = Settlement.UPHELD, Settlement.PARTLY, Settlement.REJECTED, Settlement.OPEN
WORDS = (
    ("属实", U), ("部分属实", P), ("不属实", R), ("未结", N), ("", N),
    ("经查实，论文系代写", U), ("反映情况属实，取消资格", U), ("经核实，该论文确系抄袭", U), ("认定构成学术不端", U),
    ("业绩材料造假，举报成立", U), ("存在伪造证明材料", U), ("撤销其评审通过结果", U), ("未发现抄袭，但论文系代写", U),
    ("反映问题不属实，不影响评审结果。", R), ("查无实据，予以了结。", R), ("未发现违规", R), ("举报不成立", R), ("经查，不构成重复发表", R),
    ("反映问题失实", R), ("维持原评审结果", R), ("不存在所反映的问题", R), ("部分属实，不影响评审结果", P), ("基本属实", P),
    ("尚未办结", N), ("正在核查", N), ("已回复举报人", None), ("转纪检部门", None),
)  # fmt: skip


def complaint(conclusion: str) -> Complaint:
    """One with that conclusion."""
    return Complaint(place=Place(sheet="举报", row=2), number="J1", conclusion=conclusion or None)


@pytest.mark.parametrize(("words", "expected"), WORDS)
def test_a_conclusion_is_one_of_four_or_is_asked(words: str, expected: Settlement | None):
    """What speaks against the person weighs more; words that say nothing are not taken for an acquittal."""
    assert settlement_of(complaint(words)) is expected


@pytest.mark.parametrize(("words", "expected"), WORDS)
def test_only_what_was_rejected_or_does_not_matter_lets_a_certificate_through(
    words: str, expected: Settlement | None
):
    """Open, upheld and unclear complaints hold a certificate back."""
    through = expected is Settlement.REJECTED or words == "部分属实，不影响评审结果"
    assert (holds_back(complaint(words)) is None) == through
