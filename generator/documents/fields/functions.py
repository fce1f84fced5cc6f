"""What a template may call about its subject, beside the fields.

`cite` is the law on the day of the document's act, `number_of` the number series of an organ, `report` the
核准备案报告 with its attachments, `review_body` the 行政复议机关 of a department's decision.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from generator.documents.catalogue import DocumentEntry
from generator.documents.context.formats import text
from generator.documents.context.law import Citer, law
from generator.documents.context.moments import act_day, moment_of
from generator.documents.context.report import REPORT, report_of
from generator.documents.context.roles import reporter, review_body
from generator.documents.context.series import EVALUATION, numbering
from generator.documents.context.subjects import Subject

FUNCTIONS: Final = ("cite", "number_of", "report", "review_body")


def functions(entry: DocumentEntry, subject: Subject, folders: Sequence[Path] = ()) -> dict[str, Any]:
    """The functions of one document about one subject.

    Raises:
        LawUnreadable, NumbersUnreadable: a file of own templates is defective.
    """
    day = act_day(moment_of(entry.stage, entry.moment), subject)
    batch = subject.batch
    own = reporter(batch)
    numbers = numbering(batch, own, text(day.year if day else batch.year), folders)
    number = text(batch.approval.dispatch_number) or numbers(own, EVALUATION)
    return {
        "cite": Citer(law(), day),
        "number_of": numbers,
        "report": report_of(batch, subject.case if entry.id == REPORT else subject.report, number),
        "review_body": review_body,
    }
