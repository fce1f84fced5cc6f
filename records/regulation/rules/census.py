"""What whole-batch rules need to know of the people, counted while they pass by: nobody is kept but duplicates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from records.batch.model import Application, Batch, Channel, EmployerNature, Level
from records.batch.optional import Basis
from records.regulation.authority import Authority, find_authority

SCHOOL_TEACHERS = "中小学教师"
_CITY = "00"  # 盟市和自治区本级的代码末两位
_ENTERPRISES = frozenset({EmployerNature.STATE_ENTERPRISE, EmployerNature.PRIVATE_ENTERPRISE})


class Census:
    """Counts over the applications of one batch.

    `remember` keeps who has which identity number, so that people who appear twice can be told; a streamed batch is
    counted without it.
    """

    def __init__(self, batch: Batch, *, remember: bool = True) -> None:
        self._batch = batch
        self._remember = remember
        self._names_offices = bool(batch.approval.authority or batch.approval.seal_authority)
        self._limits_posts = bool(batch.posts) and batch.review.channel is not Channel.GREEN
        self._known: dict[str, Application] = {}
        self.people = self.voted = self.passed = 0
        self.full_seniors = self.of_enterprises = self.from_counties = 0
        self.teachers = self.teachers_passed = self.leaders = self.leaders_passed = 0
        self.offices: Counter[Authority] = Counter()
        self.on_posts: Counter[tuple[str, str]] = Counter()
        self.employers: set[str] = set()
        self.repeated: dict[str, list[Application]] = {}
        self._linked = _linked_numbers(batch)
        self.linked_seen: set[str] = set()

    def see(self, application: Application) -> None:
        """Count one application."""
        passed = application.passed
        self.people += 1
        if application.number in self._linked:
            self.linked_seen.add(application.number)
        self.voted += application.outcome is not None
        self.passed += passed
        self.of_enterprises += application.employer.nature in _ENTERPRISES
        self.from_counties += not (application.employer.region_code or _CITY).endswith(_CITY)
        if application.sought.level is Level.FULL_SENIOR:
            self.full_seniors += 1
            self._see_full_senior(application, passed=passed)
        if passed and self._names_offices:
            office = find_authority(application, self._batch)
            if office:
                self.offices[office] += 1
        if self._limits_posts:
            self._see_post(application)
        if self._remember:
            self._see_identity(application)

    def _see_full_senior(self, application: Application, *, passed: bool) -> None:
        """中小学正高级教师: how many, how many lead a school."""
        if (application.sought.series or "").startswith(SCHOOL_TEACHERS):
            self.teachers += 1
            self.teachers_passed += passed
            if application.standing.leader:
                self.leaders += 1
                self.leaders_passed += passed

    def _see_post(self, application: Application) -> None:
        """事业单位 only; 破格 is not limited by posts."""
        self.employers.add(application.employer.name or "")
        bound = application.grounds.basis is not Basis.GRASSROOTS_LONG
        if bound and application.employer.nature is EmployerNature.INSTITUTION:
            self.on_posts[application.employer.name or "", str(application.sought.level or "")] += 1

    def _see_identity(self, application: Application) -> None:
        number = application.person.identity_number
        if number is None:
            return
        first = self._known.setdefault(number, application)
        if first is not application:
            self.repeated.setdefault(number, [first]).append(application)

    @property
    def twice(self) -> Sequence[Sequence[Application]]:
        """The applications of each person who appears more than once."""
        return tuple(self.repeated.values())


def _linked_numbers(batch: Batch) -> frozenset[str | None]:
    """Application numbers that rows of other sheets name."""
    numbers = [row.application_number for row in batch.complaints]
    numbers += [row.application_number for row in batch.recusals]
    numbers += [row.application_number for row in batch.corrections]
    return frozenset(numbers)
