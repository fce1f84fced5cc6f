"""会议与表决: attendance, votes, panels. Fractions are compared in whole numbers, never rounded."""

from collections.abc import Iterator

from records.batch.model import Application, Outcome, Severity
from records.regulation.rules.core import REGULATION, Group, Hit, Rule, RuleFamily
from records.regulation.rules.facts import Case, Facts

QUORUM = (2, 3)  # 细则第四十四条：不少于评委会人数的2/3
MAJORITY = (2, 3)  # 细则第四十五条：出席专家总数的2/3以上
PANEL_LEAST = 3  # 细则第四十六条

meeting = RuleFamily(Group.MEETING)


def least_present(size: int) -> int:
    """最低出席 ⌈2N/3⌉."""
    return -(-QUORUM[0] * size // QUORUM[1])


def least_votes(present: int) -> int:
    """通过最低同意 ⌈2×出席/3⌉; exactly two thirds pass."""
    return -(-MAJORITY[0] * present // MAJORITY[1])


@meeting.batch(
    "B-M01",
    "出席比例",
    "细则第四十四条",
    "部令第40号",
    applies=REGULATION,
    message="出席评审会议专家{present}人，不足评委会{size}人的2/3（至少{need}人，差{short}人），会议无效。",
    remedy="核对评委会人数和出席人数；确实不足的会议无效，须重新召开并重新表决。",
    exceeds="出席人数{present}多于评委会人数{size}，多{over}人。",
)
def quorum(facts: Facts) -> Iterator[Hit]:
    """3×出席 ≥ 2×N，最低出席 = ⌈2N/3⌉，出席 ≤ N：25→17，21→14，17→12，11→8，9→6，7→5。"""
    size, present = facts.size, facts.present
    if not facts.reviewed or size is None or present is None:
        return
    need = least_present(size)
    if present < need:
        yield facts.at("出席人数", present=present, size=size, need=need, short=need - present)
    elif present > size:
        yield facts.at("出席人数", "exceeds", present=present, size=size, over=present - size)


def voters(case: Case) -> int | None:
    """出席专家总数 for this applicant: all present; without those who withdrew only where the policy says so."""
    present = case.facts.present
    if present is None or not case.facts.policy.recused_leave_denominator:
        return present
    return present - case.facts.withdrawn.get(case.application.number, 0)


@meeting.case(
    "B-M02",
    "通过票",
    "细则第四十五条",
    "部令第40号",
    applies=REGULATION,
    message="{name}同意{votes}票，出席{present}人，未达2/3（至少{need}票，差{short}票），应为未通过，登记为“{outcome}”。",
    remedy="核对表决票和计票单，更正票数或评审结果。",
    enough="{name}同意{votes}票，出席{present}人，已达2/3（{need}票），应为通过，登记为“{outcome}”。",
)
def two_thirds(case: Case) -> Iterator[Hit]:
    """通过 ⇔ 3×同意 ≥ 2×出席；分母是出席专家总数，弃权、废票、未投都在分母内；等于2/3算通过。"""
    application = case.application
    votes, outcome, present = application.vote.for_, application.outcome, voters(case)
    if not case.facts.reviewed or votes is None or outcome is None or not present:
        return
    need = least_votes(present)
    data = {"votes": votes, "present": present, "need": need, "outcome": outcome}
    if outcome is Outcome.PASSED and votes < need:
        yield case.at("评审结果", short=need - votes, **data)
    elif outcome is Outcome.FAILED and votes >= need:
        yield case.at("评审结果", "enough", **data)


def ballots(application: Application) -> int | None:
    """The sum of all ballots; None when for, against or abstained is not stated."""
    vote = application.vote
    if vote.for_ is None or vote.against is None or vote.abstained is None:
        return None
    return vote.for_ + vote.against + vote.abstained + (vote.invalid or 0)


@meeting.case(
    "B-M03",
    "票数守恒",
    "细则第四十五条",
    applies=REGULATION,
    message="{name}票数合计{total}与出席人数{present}不符（{difference}票）；未出席专家不得委托他人投票或者补充投票。",
    remedy="核对计票单：赞成、反对、弃权、废票之和应等于出席人数。",
    negative="{name}的{column}票数为{value}，票数不能为负数。",
    recused="{name}有{withdrew}名出席专家回避，票数合计{total}仍等于出席人数，请核对回避的专家是否投了票。",
)
def votes_add_up(case: Case) -> Iterator[Hit]:
    """赞成+反对+弃权(+废票) == 出席人数，每项 ≥ 0；有专家回避的可少至出席减回避人数。"""
    vote, present = case.application.vote, voters(case)
    if not case.facts.reviewed:
        return
    parts = {"赞成": vote.for_, "反对": vote.against, "弃权": vote.abstained, "废票": vote.invalid}
    for column, value in parts.items():
        if value is not None and value < 0:
            yield case.at(column, "negative", column=column, value=value)
    total = ballots(case.application)
    if total is None or present is None:
        return
    withdrew = case.facts.withdrawn.get(case.application.number, 0)
    if total == present and withdrew:
        attended = _attended(case)
        if attended and not case.facts.policy.recused_leave_denominator:
            yield case.at("赞成", "recused", withdrew=attended, total=total).rated(Severity.HINT)
    elif not present - withdrew <= total <= present:
        difference = f"多{total - present}" if total > present else f"少{present - total}"
        yield case.at("赞成", total=total, present=present, difference=difference)


def _attended(case: Case) -> int:
    """How many of those who withdrew are listed as present."""
    rows = case.facts.recusals.get(case.application.number, ())
    return sum(row.withdrew is True and row.expert in case.facts.attending_by_name for row in rows)


@meeting.batch(
    "B-M04",
    "无记名",
    "细则第四十五条",
    applies=REGULATION,
    message="表决应采取无记名投票，本批次登记为记名或表决票、统计表中有投票人信息。",
    remedy="以无记名方式重新表决；删去表决票、统计表中的投票人信息。",
)
def secret_ballot(facts: Facts) -> Iterator[Hit]:
    """无记名投票 == 是（未登记的不判断）；本系统的表决票和统计表不含投票人标识。"""
    if facts.reviewed and facts.batch.review.minutes.secret_ballot is False:
        yield facts.at("无记名投票")


def _opinions(case: Case) -> Iterator[Hit]:
    """Without panels each applicant needs the opinions of three experts."""
    experts = case.application.procedure.panel_experts
    if case.facts.batch.review.minutes.panel_size is None and experts is not None and experts < PANEL_LEAST:
        yield case.at("评议专家人数", "person", experts=experts)


@meeting.batch(
    "B-M05",
    "评议",
    "细则第四十六条",
    applies=REGULATION,
    message="评议组每组不少于3人，当前最少的一组{size}人。",
    remedy="重新编组；不设评议组的，由3名以上评审专家分工提出书面评议意见。",
    people=_opinions,
    person="{name}只有{experts}名专家提出评议意见，应不少于3名。",
)
def panels(facts: Facts) -> Iterator[Hit]:
    """设评议组：每组 ≥ 3人；不设：每名申报人有 ≥ 3名专家分工意见。"""
    size = facts.batch.review.minutes.panel_size
    if size is not None and size < PANEL_LEAST:
        yield facts.at("评议组人数", size=size)


RULES: tuple[Rule, ...] = (quorum, two_thirds, votes_add_up, secret_ballot, panels)
