"""Facts of a certificate out of a batch."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.certificate.errors import FactsMissing
from generator.certificate.face.facts import birth_text, certificate_facts, grade_of, mask_identity
from records.batch.dates import PartialDate
from records.batch.model import Acquisition, Batch, Level
from records.regulation.authority import AUTONOMOUS_REGION
from records.sample import Kind, sample_batch


@pytest.fixture(scope="module")
def batch() -> Batch:
    return sample_batch(12, 7)


def test_every_passed_person_of_the_samples_has_complete_facts() -> None:
    """No kind of sample batch leaves a certificate without something it must state."""
    for kind in Kind:
        found = sample_batch(12, 3, kind=kind)
        for application in found.passed:
            facts = certificate_facts(application, found)
            assert facts.name == application.person.name
            assert facts.authority


def test_senior_titles_are_sealed_by_the_region(batch: Batch) -> None:
    """细则第五十四条: 高级 → 自治区人力资源和社会保障厅, and the day is the committee's."""
    facts = certificate_facts(batch.passed[0], batch)
    assert (facts.authority, facts.authority_region) == (
        "内蒙古自治区人力资源和社会保障厅",
        AUTONOMOUS_REGION,
    )
    assert facts.conferrer == batch.committee.name
    assert facts.scope is None


def test_a_targeted_title_names_its_league() -> None:
    """定向评价 titles are sealed and limited by the 盟市."""
    found = sample_batch(8, 3, kind=Kind.TARGETED)
    facts = certificate_facts(found.passed[0], found)
    assert facts.scope is not None
    assert facts.scope in facts.authority


def test_what_is_missing_is_listed_in_the_users_words(batch: Batch) -> None:
    """The error names the application and every missing fact."""
    application = batch.passed[0]
    person = application.person.model_copy(update={"name": None, "birth": PartialDate(1980)})
    employer = application.employer.model_copy(update={"name": ""})
    broken = application.model_copy(update={"person": person, "employer": employer})
    with pytest.raises(FactsMissing) as caught:
        certificate_facts(broken, batch)
    assert caught.value.missing == ("姓名", "出生年月", "工作单位")
    assert application.number in caught.value.diagnostics()


@pytest.mark.parametrize(
    ("acquisition", "conferrer"),
    [
        (Acquisition.RECOGNITION, "organizer"),
        (Acquisition.ASSESSMENT, "organizer"),
        (Acquisition.RECONFIRMATION, "内蒙古自治区人力资源和社会保障厅"),
    ],
)
def test_who_confers_follows_the_way_of_acquisition(
    batch: Batch, acquisition: Acquisition, conferrer: str
) -> None:
    """认定 and 考核 name the unit, 重新确认 the department."""
    review = batch.review.model_copy(update={"acquisition": acquisition})
    other = batch.model_copy(update={"review": review})
    application = batch.passed[0].model_copy(update={"recognized_on": batch.review.ends})
    expected = batch.committee.organizer if conferrer == "organizer" else conferrer
    assert certificate_facts(application, other).conferrer == expected


def test_junior_titles_are_told_apart_by_name() -> None:
    """初级 covers 助理级 and 员级; the title decides."""
    assert grade_of("助理工程师", "工程系列", Level.JUNIOR) == "助理级"
    assert grade_of("技术员", "工程系列", Level.JUNIOR) == "员级"
    assert grade_of("没有这个职称", None, Level.JUNIOR) == "助理级"
    assert grade_of("高级工程师", "工程系列", Level.ASSOCIATE_SENIOR) == "副高级"


def test_identity_numbers_show_six_and_four() -> None:
    """证件号码脱敏: 前6后4."""
    assert mask_identity("150101198803150006") == "150101********0006"
    assert mask_identity("E12345678") == "E*******8"


@given(st.text(alphabet="0123456789X", min_size=1, max_size=30))
def test_masking_never_shows_the_whole(number: str) -> None:
    """Whatever the length, at least four characters (or all of a shorter number) stay hidden."""
    masked = mask_identity(number)
    assert len(masked) == len(number)
    assert masked.count("*") >= min(4, len(number))


def test_birth_needs_a_month() -> None:
    """出生年月 is year and month; a day is not printed."""
    assert birth_text(PartialDate(1988, 3, 15)) == "1988年3月"
    assert birth_text(PartialDate(1988)) is None
    assert birth_text(None) is None
