"""Cases that the workbook's optional sheets already state: 补正, 回避, 诚信记录."""

from generator.documents.context.cases import Case, Cases, blank_case
from generator.documents.context.formats import cn_day, text
from generator.documents.context.law import Citer, law
from records.batch.model import Batch


def stated_cases(batch: Batch) -> Cases:
    """Cases by document, as far as the batch states them."""
    found = {
        "A401": _corrections(batch),
        **{document: _recusals(document, batch) for document in ("A505", "A505-2")},
        "A1001": _integrity(batch),
        "A1005": _summary(batch),
    }
    return {document: cases for document, cases in found.items() if cases}


def _case(document: str, application: str | None = None, **values: object) -> Case:
    return Case({**blank_case(document), **values}, application)


def _corrections(batch: Batch) -> tuple[Case, ...]:
    return tuple(
        _case(
            "A401",
            item.application_number,
            corrections=[
                [
                    text(item.items),
                    "不符合规定条件",
                    Citer(law(), item.notified or item.deadline).short("补充更正"),
                    "补充更正",
                ]
            ],
            deadline=cn_day(item.deadline),
            issued=cn_day(item.notified),
        )
        for item in batch.corrections
        if item.application_number
    )


def _recusals(document: str, batch: Batch) -> tuple[Case, ...]:
    employers = {one.name: text(one.employer) for one in batch.committee.experts}
    people = {one.number: one for one in batch.applications}
    cases = []
    for item in batch.recusals:
        person = people.get(item.application_number or "")
        cases.append(
            _case(
                document,
                recused=item.expert,
                **({"recused_employer": employers.get(item.expert, "")} if document == "A505" else {}),
                recused_from=text(person.person.name) if person else "",
                recused_title=text(person.sought.name) if person else "",
                relation=text(item.relation),
            )
        )
    return tuple(cases)


def _integrity(batch: Batch) -> tuple[Case, ...]:
    return tuple(
        _case(
            "A1001",
            subject_name=item.name,
            subject_kind=text(item.kind),
            misconduct=text(item.offence),
            legal_basis=text(item.basis),
            measure=text(item.measure),
            effective=cn_day(item.effective),
            recorded_until=cn_day(item.until),
        )
        for item in batch.integrity
    )


def _summary(batch: Batch) -> tuple[Case, ...]:
    rows = [
        [
            item.name,
            text(item.kind),
            "",
            text(item.offence),
            text(item.measure),
            cn_day(item.effective),
            cn_day(item.until),
        ]
        for item in batch.integrity
    ]
    return (_case("A1005", records=rows),) if rows else ()
