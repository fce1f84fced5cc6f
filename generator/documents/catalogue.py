"""The catalogue of documents (文书目录): one declarative entry per document of the title evaluation.

The entries live in `generator/data/catalogue.toml`; a new document is a new entry there plus a template of the same
id in `templates/documents/`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from generator.errors import GeneratorError

DATA: Final = Path(__file__).parents[1] / "data" / "catalogue.toml"


class UnknownDocument(GeneratorError):
    """Raised when a document id is not in the catalogue, or names one that is not made here; data: `document`."""

    key = "unknown_document"


class Audience(StrEnum):
    """Who may read a document; the order is from open to closed."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"

    def may_show(self, other: "Audience") -> bool:
        """Whether a document for this audience may hold a field of sensitivity `other`."""
        order = list(Audience)
        return order.index(other) <= order.index(self)


class Per(StrEnum):
    """What one file is made for."""

    BATCH = "batch"
    PERSON = "person"
    EMPLOYER = "employer"
    EXPERT = "expert"
    COMPLAINT = "complaint"
    UNIT = "unit"


class Who(StrEnum):
    """Which of the persons, employers … a document concerns."""

    ALL = "all"
    SENIOR = "senior"
    JUNIOR = "junior"
    FAILED = "failed"
    GREEN = "green"
    GREEN_FOUR = "green4"
    GREEN_RECOMMENDED = "green_recommended"
    RECOGNITION = "recognition"
    RECONFIRMATION = "reconfirmation"
    OBJECTED = "objected"
    DEFICIENT = "deficient"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    RECONSIDERED = "reconsidered"
    REVOKED = "revoked"
    DISHONEST = "dishonest"


@dataclass(frozen=True)
class DocumentEntry:
    """One document: who makes it for whom, on which paper, how often, in which formats, from which facts.

    `name` is used for files, `title` is the inventory's full name. `event` documents belong to something that
    happens only in some batches; without a case a blank form is made. `made` is False for evidence copies and
    online screens, `reason` then says where the thing comes from. `needs` are names of the field catalogue. `duplex`
    documents go out printed on both sides: their 版记 stands on an even page. `moment` is the step whose day decides which
    law is cited, where it is not the stage's usual one (`generator.documents.context.moments`); `when` is what the batch must be like for the document
    to be made at all (`generator.documents.context.applies`). `by` and `to` are the fields that name who signs it and to whom it
    goes, of the batch's one chain of roles (`generator.documents.context.roles`); empty where a person signs or nobody is addressed.
    """

    id: str
    name: str
    title: str
    stage: int
    stage_name: str
    kind: str
    maker: str
    receiver: str
    source: str
    named: bool
    made: bool
    reason: str = ""
    audience: Audience = Audience.INTERNAL
    per: Per = Per.BATCH
    who: Who = Who.ALL
    paper: str = "A4"
    landscape: bool = False
    copies: int = 1
    outputs: tuple[str, ...] = ()
    event: bool = False
    duplex: bool = False
    moment: str = ""
    when: str = ""
    by: str = ""
    to: str = ""
    needs: tuple[str, ...] = ()

    @property
    def inventory(self) -> str:
        """The inventory's entry that it is, or is a further part of (`A013-2` is the answer to the request `A013`)."""
        return self.id.partition("-")[0]

    @property
    def template(self) -> str:
        """File name of its template."""
        return f"{self.id}.html"

    @property
    def folder(self) -> str:
        """Folder of its stage, readable for a secretary and sorted by the course of the process."""
        return f"{self.stage:02d} {self.stage_name}"


@dataclass(frozen=True)
class Catalogue(Mapping[str, DocumentEntry]):
    """All entries by id, in the order of the process."""

    entries: dict[str, DocumentEntry] = field(default_factory=dict)

    def __getitem__(self, key: str) -> DocumentEntry:
        return self.entries[key]

    def __iter__(self) -> Any:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def made(self) -> tuple[DocumentEntry, ...]:
        """The entries that the generator makes."""
        return tuple(entry for entry in self.entries.values() if entry.made)

    def choose(self, only: tuple[str, ...]) -> tuple[DocumentEntry, ...]:
        """The made entries named in `only` (ids, any case), or all of them when it is empty.

        Raises:
            UnknownDocument: an id that is not in the catalogue or is not made here.
        """
        if not only:
            return self.made
        wanted = {name.strip().upper() for name in only if name.strip()}
        known = {entry.id for entry in self.made}
        for name in sorted(wanted - known):
            raise UnknownDocument(document=name)
        return tuple(entry for entry in self.made if entry.id in wanted)


def load(path: Path = DATA) -> Catalogue:
    """Read the catalogue file."""
    raw = tomllib.loads(path.read_text("utf-8"))
    stages = {stage["number"]: stage["name"] for stage in raw["stage"]}
    return Catalogue({item["id"]: _entry(item, stages) for item in raw["document"]})


def _entry(item: dict[str, Any], stages: dict[int, str]) -> DocumentEntry:
    typed = {
        **item,
        "stage_name": stages[item["stage"]],
        "outputs": tuple(item.get("outputs", ())),
        "needs": tuple(item.get("needs", ())),
    }
    for key, kind in (("audience", Audience), ("per", Per), ("who", Who)):
        if key in typed:
            typed[key] = kind(typed[key])
    return DocumentEntry(**typed)


CATALOGUE: Final = load()
