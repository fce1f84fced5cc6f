"""Recognition (互认): may a certificate, of whatever region, be used here? 细则第五十七条.

`answer` holds the decision's types, `own` decides on this register's certificates, `rules` on other regions' ones out of
facts that `recogniser` gathers (`members`, `asking`, `statuses`); `evidence` keeps what a decision stood on.
"""

from registry.recognition.answer import CLAUSE, QueryResult, Reason, RecognitionAnswer, Usable
from registry.recognition.own import cannot_decide, decide, refuse_changed_file

__all__ = [
    "CLAUSE",
    "QueryResult",
    "Reason",
    "RecognitionAnswer",
    "Usable",
    "cannot_decide",
    "decide",
    "refuse_changed_file",
]
