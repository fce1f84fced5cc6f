"""The invented batches: lawful, varied, reproducible, and nobody's."""

from collections import Counter

import pytest

from records.batch.model import Batch, Severity
from records.input import identity
from records.input.checking import check
from records.input.photos import inspect
from records.sample import SAMPLE_FOLDER, Kind, sample_batch
from records.sample.people import FEMALE_SEQUENCE, MALE_SEQUENCE

RARE = "㛃𬱖𫖯𠅤𪚥𬭎𫍯"


@pytest.fixture(scope="module")
def main_sample() -> Batch:
    """The 36 people that everybody sees."""
    return sample_batch()


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_batch_is_lawful(kind: Kind) -> None:
    """No mandatory finding and nothing that needs a release."""
    findings = check(sample_batch(36, kind=kind))
    assert [item for item in findings if item.severity in (Severity.MANDATORY, Severity.PRINCIPLE)] == []


def test_the_same_seed_gives_the_same_batch() -> None:
    """And another seed another one."""
    assert sample_batch(5, 3) == sample_batch(5, 3)
    assert sample_batch(5, 3) != sample_batch(5, 4)


def test_names_cover_what_forms_must_stand(main_sample: Batch) -> None:
    """Rare characters, Mongol names with ·, one character, twenty characters; all of these passed."""
    names = [item.person.name or "" for item in main_sample.passed]
    assert all(any(character in name for name in names) for character in RARE)
    assert {1, 20} <= {len(name) for name in names}
    assert sum("·" in name for name in names) >= 3


def test_the_main_sample_is_varied(main_sample: Batch) -> None:
    """Series, levels, natures of employers, long employers, passed and failed, photos missing for some."""
    people = main_sample.applications
    assert len({item.sought.series for item in people}) >= 6
    assert len({item.sought.level for item in people}) == 2
    assert len({item.employer.nature for item in people}) >= 3
    assert max(len(item.employer.name or "") for item in people) > 20
    assert len(main_sample.passed) == 30
    assert 0 < sum(item.person.photo is None for item in people) < 6
    assert len({item.talent_category for item in people}) == 6


def test_some_people_need_continuation_pages(main_sample: Batch) -> None:
    """Two have long lists of everything."""
    long = [item for item in main_sample.applications if len(item.achievements) > 12]
    assert len(long) == 2
    assert all(len(item.publications) > 10 and len(item.awards) > 10 for item in long)


@pytest.mark.parametrize("kind", list(Kind))
def test_no_number_can_belong_to_anybody(kind: Kind) -> None:
    """Valid check characters, sequence codes and a region part under which nobody is registered."""
    numbers = []
    for item in sample_batch(40, kind=kind).applications:
        kind_of, number = item.person.identity_kind, item.person.identity_number
        assert kind_of is not None
        assert number is not None
        assert identity.inspect(kind_of, number).good
        assert number[14:17] in (MALE_SEQUENCE, FEMALE_SEQUENCE)
        assert number.startswith("810000") or number[4:6] == "01"
        assert identity.uscc(item.employer.uscc or "") == ()
        numbers.append(number)
    assert len(set(numbers)) == len(numbers)


def test_two_thousand_people_have_two_thousand_numbers() -> None:
    """Identity numbers and application numbers stay unique in a large batch."""
    people = sample_batch(2000, 1).applications
    assert Counter(item.person.identity_number for item in people).most_common(1)[0][1] == 1
    assert len({item.number for item in people}) == 2000


def test_every_portrait_of_the_sample_ships_with_the_package(main_sample: Batch) -> None:
    """The cells name files that exist and that are fit."""
    references = {item.person.photo for item in main_sample.applications if item.person.photo}
    assert len(references) >= 10
    assert [name for name in references if inspect(name, SAMPLE_FOLDER)] == []


def test_a_batch_has_at_least_one_person() -> None:
    """Nothing is made of nobody."""
    with pytest.raises(ValueError, match="0"):
        sample_batch(0)


@pytest.mark.parametrize("kind", list(Kind))
def test_applicants_teach_what_their_school_teaches(kind: Kind) -> None:
    """No 小学科学 at a 中学, no 高中物理 at a 小学."""
    for one in sample_batch(120, 1, kind=kind).applications:
        school, specialty = one.employer.name or "", one.sought.specialty or ""
        assert not (school.endswith("中学") and specialty.startswith("小学"))
        assert not (school.endswith("小学") and specialty.startswith(("初中", "高中")))


def test_experts_are_of_their_title_s_specialty(main_sample: Batch) -> None:
    """A 正高级教师 is no expert of 煤化工."""
    teachers = [one for one in main_sample.committee.experts if one.title == "正高级教师"]
    assert teachers
    assert {one.specialty for one in teachers} == {"基础教育"}
