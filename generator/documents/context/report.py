"""The 核准备案报告 and its attachments, as every paper that belongs to it or answers it names them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from generator.documents.context.formats import text
from records.batch.model import Batch
from records.regulation.policy import policy_of

REPORT: Final = "A701"
SENIORS, JUNIORS, PUBLICITY, PLEDGE = "A702", "A703", "A603", "A704"
CHARTS, RELEASES = "charts", "releases"
YES: Final = "是"
READS: Final = frozenset({"as_request", "with_charts"})  # fields of the report's case


@dataclass(frozen=True)
class Report:
    """What a template calls as `report`: 文种, title and number of the report, and its attachments in order."""

    kind: str
    title: str
    number: str
    annexes: tuple[tuple[str, str], ...]
    titles: Mapping[str, str]

    @property
    def names(self) -> list[str]:
        """Titles of the attachments, as 附件说明 lists them."""
        return [title for _, title in self.annexes]

    def annex_title(self, document: str) -> str:
        """The very title under which the report lists an attachment.

        Raises:
            LookupError: no report has such an attachment.
        """
        return self.titles[document]

    def place(self, document: str) -> str:
        """附件顺序号; empty for what is not attached."""
        order = [name for name, _ in self.annexes]
        return str(order.index(document) + 1) if document in order else ""

    def label(self, document: str) -> str:
        """Top left of an attachment that is bound apart (GB/T 9704 7.3.7): 内水职评〔2025〕12号附件1."""
        place = self.place(document)
        return f"{self.number}附件{place if len(self.annexes) > 1 else ''}" if place else ""


def report_of(batch: Batch, case: Mapping[str, Any], number: str) -> Report:
    """The report of a batch: a 请示 where its case says so; without anybody passed it reports the review only."""
    year, committee = text(batch.year), text(batch.committee.name)
    passed = bool(batch.passed)
    kind = "请示" if passed and case.get("as_request") == YES else "报告"
    about = "评审结果核准备案" if passed else "评审情况"
    title = f"关于报送{year}年度{committee}{about}的{kind}"
    annexes = _annexes(batch, case)
    wanted = tuple((name, title) for name, title, is_wanted in annexes if is_wanted)
    return Report(kind, title, number, wanted, {name: title for name, title, _ in annexes})


def _annexes(batch: Batch, case: Mapping[str, Any]) -> tuple[tuple[str, str, bool], ...]:
    seniors = {bool(one.sought.level and one.sought.level.is_senior) for one in batch.passed}
    return (
        (SENIORS, "高级专业技术职称评审通过人员花名册", True in seniors),
        (
            JUNIORS,
            policy_of(batch).wording.get("passed_roster", "专业技术资格核准备案花名册"),
            False in seniors,
        ),
        (PUBLICITY, "评审结果公示情况报告", bool(batch.passed)),
        (PLEDGE, "职称评审委员会书面承诺书", True),
        (CHARTS, "申报和评审通过情况统计图", case.get("with_charts") == YES),
        (RELEASES, "原则性规定放行情况", bool(batch.releases)),
    )
