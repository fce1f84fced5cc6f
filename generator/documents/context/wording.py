"""Sentences made of stated facts: the prescribed recommendation and our own official Chinese around it.

Only facts of the record are said; what is not stated is left out or left open, never invented.
"""

import re
from datetime import date
from typing import Final

from generator.documents.context.formats import (
    cn_day,
    cn_partial,
    cn_span,
    dotted,
    education_short,
    joined,
    text,
)
from generator.documents.context.since import (
    achievements_under,
    awards_under,
    publications_under,
    since_words,
)
from records.batch.model import Application, Batch
from records.codes import find_region
from records.errors import RecordsError
from records.regulation.authority import authority_of, effective_date
from records.regulation.calendar import count_workdays

PRESCRIBED: Final = (  # 内人社办发〔2024〕172号三（二）2，原句一字不改
    "申报人符合申报条件，提交的材料真实准确。已对申报条件和材料逐一审核，并公示无异议，同意推荐。"
)
NO_OBJECTION: Final = frozenset({"", "无", "无异议", "没有", "0", "0件", "否"})
_COUNT: Final = re.compile(r"(\d+)\s*(?:件|条|起)")


def objected(one: Application) -> bool:
    """Whether objections came in while the employer's publicity ran (单位公示异议)."""
    return text(one.employer_publicity.objections).strip().rstrip("。") not in NO_OBJECTION


def objection_count(one: Application) -> int:
    """How many objections are stated; a description without a number is one."""
    if not objected(one):
        return 0
    stated = text(one.employer_publicity.objections).strip()
    match = _COUNT.search(stated)
    return int(match.group(1)) if match else int(stated) if stated.isdecimal() else 1


def recommendation(one: Application) -> str:
    """The prescribed sentence, or its variant when objections came in and were found harmless."""
    if objected(one):
        return f"公示期间收到异议{objection_count(one)}件，经调查不影响申报，同意推荐。"
    return PRESCRIBED


def workdays(first: date | None, last: date | None) -> str:
    """Working days of a publicity period without its first day (民法典第二百零一条); empty when not known."""
    if first is None or last is None or last <= first:
        return ""
    try:
        days = count_workdays(first, last)
        return str(days - count_workdays(first, first))
    except RecordsError:
        return ""


def held_since(one: Application) -> str:
    """任现职以来的起点: 2018年12月取得工程师职称."""
    title = one.current_title
    if not title.name:
        return ""
    return joined(cn_partial(title.obtained), "取得", title.name, "职称")


def summary(one: Application) -> tuple[str, ...]:
    """业绩总结: paragraphs that say the record's achievements, publications, awards and appraisals in sentences."""
    after, papers_under, awards_since = achievements_under(one), publications_under(one), awards_under(one)
    paragraphs = [_summary_opening(one)]
    paragraphs += [_achievement_sentence(number, item) for number, item in enumerate(after, start=1)]
    if papers_under:
        papers = "；".join(
            joined(
                f"《{text(item.title).strip('《》')}》",
                joined(
                    "（",
                    joined(item.venue, dotted(item.published), item.authorship, between="，"),
                    "）",
                ),
            )
            for item in papers_under
        )
        paragraphs.append(f"{since_words(one)}形成的代表性论文著作有：{papers}。")
    if awards_since:
        awards = "；".join(
            joined(dotted(item.awarded), item.name, item.authority, item.rank, between="，")
            for item in awards_since
        )
        paragraphs.append(f"{since_words(one)}取得的奖励、专利和成果转化有：{awards}。")
    if one.appraisals:
        paragraphs.append(f"年度考核结果为：{appraisal_sentence(one)}。")
    return tuple(paragraphs)


def _summary_opening(one: Application) -> str:
    since = held_since(one)
    opening = f"本人{since}，" if since else "本人"
    work = f"从事{one.sought.specialty}专业技术工作" if one.sought.specialty else "从事专业技术工作"
    return f"{opening}现在{text(one.employer.name)}{work}。{since_words(one)}完成的主要专业技术工作如下。"


def _achievement_sentence(number: int, item: object) -> str:
    period, name, role, result = (text(getattr(item, key)) for key in ("period", "name", "role", "result"))
    head = joined(period, name, between="，")
    return f"{number}．" + joined(joined(head, role, between="，"), result, between="；").rstrip("。") + "。"


def appraisal_sentence(one: Application) -> str:
    """2021年合格，2022年优秀 …, by year."""
    stated = sorted((item for item in one.appraisals if item.year), key=lambda item: item.year or 0)
    return "，".join(f"{item.year}年{text(item.result)}" for item in stated)


def employer_opinion(one: Application) -> tuple[str, ...]:
    """单位推荐意见 (细则第三十三条): how the candidate was found, which conditions are met, the pledge."""
    name = text(one.person.name)
    school = joined(one.education.school, one.education.major and f"{one.education.major}专业")
    education = joined(school, school and "毕业，", education_short(one.education.degree_level), "学历")
    title = f"，{held_since(one)}" if held_since(one) else ""
    appraisals = f"近年年度考核{appraisal_sentence(one)}。" if one.appraisals else ""
    conduct = "拥护党的路线方针政策，遵守宪法和法律法规，遵守职业道德，爱岗敬业，作风端正"
    conditions = (
        f"现从事{text(one.sought.specialty)}专业技术工作，具备申报{text(one.sought.name)}"
        f"（{text(one.sought.level)}）的学历、资历和业绩条件"
    )
    procedure = (
        "该人选按照公开、民主、平等、择优的原则，经个人申请、材料审核、集体研究产生，并在单位内部公示。"
    )
    pledge = "我单位对申报程序和申报材料的真实性、完整性负责，同意推荐。"
    return (
        f"{name}同志{conduct}。该同志{education}{title}，{conditions}。{appraisals}{_achievement_counts(one)}",
        procedure + pledge,
    )


def _achievement_counts(one: Application) -> str:
    counted = (
        (len(achievements_under(one)), "项主要专业技术工作"),
        (len(publications_under(one)), "篇（部）论文著作"),
        (len(awards_under(one)), "项奖励、专利或成果转化"),
    )
    parts = [f"{number}{what}" for number, what in counted if number]
    return f"{since_words(one)}有{'、'.join(parts)}，能力和业绩得到同行认可。" if parts else ""


def effective_day(one: Application, batch: Batch) -> date | None:
    """起算时间 (细则第五十五条), as `records.regulation.authority` decides it."""
    return effective_date(one, batch)


def committee_opinion(one: Application, batch: Batch) -> str:
    """评审委员会意见, with the vote's meaning (细则第四十五条)."""
    if one.outcome is None or one.vote.for_ is None or batch.committee.present is None:
        return ""
    title = f"{text(one.sought.name)}职称"
    day = cn_day(effective_day(one, batch))
    if one.passed:
        return (
            f"经评审委员会评议并无记名投票表决，同意票数达到出席评审会议的评审专家总数三分之二以上，"
            f"{text(one.person.name)}同志{title}评审通过，通过时间为{day}。"
        )
    return (
        f"经评审委员会评议并无记名投票表决，同意票数未达到出席评审会议的评审专家总数三分之二，"
        f"{text(one.person.name)}同志{title}评审未通过。"
    )


def approval_opinion(one: Application, batch: Batch) -> str:
    """核准（确认）意见, once there is an approval."""
    if not one.passed or batch.approval.approved_on is None:
        return ""
    number = f"（{batch.approval.number}）" if batch.approval.number else ""
    return (
        f"经核准{number}，确认{text(one.person.name)}同志具备{text(one.sought.name)}职称，资格等级为"
        f"{text(one.sought.level)}，起算时间为{cn_day(effective_day(one, batch))}。"
    )


def review_days(batch: Batch) -> str:
    """The meeting's days in words."""
    return cn_span(batch.review.starts, batch.review.ends)


def slashed_day(day: date | None) -> str:
    """2025/08/22, as rosters write days."""
    return "" if day is None else f"{day.year}/{day.month:02d}/{day.day:02d}"


def region_name(code: str | None) -> str:
    """The region's name (包头市); the code itself when it stands in no table."""
    found = find_region(code)
    return found.name if found else text(code)


def labour_department(code: str | None) -> str:
    """The department of human resources and social security of a region, by its code."""
    return authority_of(code).name if find_region(code) and code else ""
