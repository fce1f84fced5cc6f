"""Which of a rule's clauses a batch is judged by: those of its own year and city, each by its document's number."""

from records.batch.model import Batch
from records.regulation.policy import league_code, year_of

NOTICE_2023_YEAR = 2023
NEW_RULES_YEAR = 2025  # 内人社发〔2025〕16号
NOTICE_2023 = "内人社办发〔2023〕79号"  # 自治区2023年通知，条文未收录
FORMER_RULES = "内人社发〔2023〕4号"  # 原细则，条文未收录
BAOTOU = "150200"
_REGULATION = "细则"
_NOTICES: dict[str, tuple[int, str | None]] = {
    "内人社办发〔2024〕85号": (2024, None),
    "内人社办发〔2024〕172号": (2024, None),
    "包头市2025年通知": (2025, BAOTOU),
    "包头市2023年通知": (2023, BAOTOU),
}  # document → the year and the 盟市 that it is for


def governing(clauses: tuple[str, ...], batch: Batch) -> tuple[str, ...]:
    """The clauses that hold for the batch's year and city; before 2025 the former regulation stands for the new one.

    Where none of them is of that year (a rule that goes on by an older notice), all stay; in 2023 the region's own
    notice stands for them.
    """
    year, league = year_of(batch), league_code(batch.region_code)
    found: dict[str, None] = {}
    for clause in clauses:
        if not clause.startswith(_REGULATION):
            if _holds(clause, year, league):
                found[clause] = None
        else:
            found[clause if year >= NEW_RULES_YEAR else FORMER_RULES] = None
    if not found and year == NOTICE_2023_YEAR:
        return (NOTICE_2023,)
    return tuple(found) or clauses


def _holds(clause: str, year: int, league: str | None) -> bool:
    for document, (of_year, of_league) in _NOTICES.items():
        if clause.startswith(document):
            return year == of_year and of_league in (None, league)
    return True
