"""政策依据 that no rule of its own judges: 绿色通道, 职业资格, 高技能贯通, 系列评审条件. What is missing, what nobody stated."""

import re

from records.batch.optional import ApplicantStatus, Basis
from records.regulation.rules.facts import NO_TITLE, Case

NOTICE_GROUNDS = frozenset(
    {Basis.TOWNSHIP_DIRECT, Basis.GRASSROOTS_LONG, Basis.PROGRAM}
)  # 只见于年度通知的依据：政策文件的 notice_grounds 写明当年有哪些


def category(case: Case) -> str:
    """人才类别 as a bare number: 第1类, （一）and １ are the same."""
    text = (case.application.talent_category or "").translate(
        str.maketrans("一二三四五六七八１２３４５６７８", "1234567812345678")
    )
    found = re.search(r"\d+", text)
    return found.group() if found else text.strip()


def green_claim(case: Case) -> list[str]:
    """The green channel excuses in its own channel, and the categories that ordinary committees evaluate."""
    elsewhere = category(case) in case.facts.policy.green.elsewhere
    return [] if case.green or elsewhere else ["渠道为绿色通道"]


def qualification(case: Case) -> list[str]:
    """细则第二十五条: a professional qualification counts as the title below."""
    licence = case.application.grounds.licence
    return ["有效的职业资格证书"] if licence is not None and licence.strip() in NO_TITLE else []


def skilled(case: Case) -> list[str]:
    """内人社发〔2021〕16号: 高技能人才 only."""
    return (
        []
        if case.application.standing.status in (ApplicantStatus.SKILLED, None)
        else ["身份类别为高技能人才"]
    )


def unproven(case: Case) -> str | None:
    """What people must look at before the claim excuses: nobody stated it; None where a column holds it."""
    grounds, standing = case.application.grounds, case.application.standing
    match grounds.basis:
        case Basis.QUALIFICATION if grounds.licence is None:
            return "职业资格证书（填写“职业资格”）"
        case Basis.SKILLED if standing.status is None:
            return "是否高技能人才（填写“身份类别”）"
        case Basis.SERIES_CONDITIONS:
            return "本系列评审条件的原文"
    return None


def beyond_notices(case: Case) -> bool:
    """Whether the claim stands only in notices of other years."""
    basis = case.application.grounds.basis
    return basis in NOTICE_GROUNDS and basis not in case.facts.policy.notice_grounds
