"""Facts of a certificate (证书要素) out of an application: complete, or refused with the list of what is missing."""

from __future__ import annotations

from typing import Final

from generator.certificate.errors import FactsMissing
from generator.certificate.parts import CertificateFacts
from records.batch.dates import PartialDate
from records.batch.model import Acquisition, Application, Batch, Level
from records.codes import Grade, find_series, titles_named
from records.regulation import authority

SHOWN_HEAD: Final = 6  # 证件号码脱敏：前6后4
SHOWN_TAIL: Final = 4
LEAST_HIDDEN: Final = 4
MASK: Final = "*"


def certificate_facts(application: Application, batch: Batch) -> CertificateFacts:
    """Everything the face shows that the records know; authority, day and scope by 细则第五十四、五十五条.

    Raises:
        FactsMissing: a fact without which no certificate may be made is not stated.
    """
    person, sought = application.person, application.sought
    stated = {
        "姓名": person.name,
        "性别": person.sex,
        "出生年月": birth_text(person.birth),
        "证件类型": person.identity_kind,
        "证件号码": person.identity_number,
        "职称系列": sought.series,
        "现从事专业": sought.specialty,
        "申报职称名称": sought.name,
        "申报资格等级": sought.level,
        "取得方式": batch.review.acquisition,
        _conferrer_label(batch): _conferrer(application, batch),
        "工作单位": application.employer.name,
        "起算时间": authority.effective_date(application, batch),
        "用印机关": authority.find_authority(application, batch),
    }
    missing = tuple(name for name, value in stated.items() if value in (None, ""))
    if missing:
        raise FactsMissing(application_number=application.number, missing=missing)
    return _facts(application, batch)


def _facts(application: Application, batch: Batch) -> CertificateFacts:
    person, sought = application.person, application.sought
    sealing = authority.sealing_authority(application, batch)
    level, series = sought.level, find_series(sought.series)
    obtained = authority.effective_date(application, batch)
    assert level is not None and obtained is not None  # noqa: S101, PT018 - the caller has checked
    return CertificateFacts(
        application_number=application.number,
        name=person.name or "",
        sex=str(person.sex),
        birth=birth_text(person.birth) or "",
        identity_kind=str(person.identity_kind),
        identity_masked=mask_identity(person.identity_number or ""),
        series=series.name if series else sought.series or "",
        specialty=sought.specialty or "",
        title=sought.name or "",
        level=str(level),
        grade=grade_of(sought.name or "", series.name if series else None, level),
        acquisition=str(batch.review.acquisition),
        obtained_on=obtained,
        conferrer=_conferrer(application, batch) or "",
        employer=application.employer.name or "",
        authority=sealing.name,
        authority_region=sealing.region_code,
        scope=authority.scope(application, batch).region_name,
    )


def birth_text(birth: PartialDate | None) -> str | None:
    """出生年月 as the face shows it (1990年3月); None when the month is not stated."""
    return f"{birth.year}年{birth.month}月" if birth is not None and birth.month else None


def mask_identity(number: str) -> str:
    """The number with only its first 6 and last 4 characters; a short one shows less, never the whole."""
    head, tail = SHOWN_HEAD, SHOWN_TAIL
    if len(number) < head + tail + LEAST_HIDDEN:
        head = tail = max(0, len(number) - LEAST_HIDDEN) // 3
    hidden = MASK * (len(number) - head - tail)
    return number[:head] + hidden + number[len(number) - tail :]


def grade_of(title: str, series_name: str | None, level: Level) -> str:
    """正高级, 副高级, 中级, 助理级 or 员级: 初级 is split by the title; an unknown junior title stays 助理级."""
    if level is not Level.JUNIOR:
        return str(level)
    found = [item for item in titles_named(title) if item.level is level]
    same_series = [item for item in found if item.series == series_name] or found
    return str(same_series[0].grade if same_series else Grade.ASSISTANT)


def _conferrer_label(batch: Batch) -> str:
    return "评委会名称" if batch.review.acquisition in (None, Acquisition.REVIEW) else "组建单位"


def _conferrer(application: Application, batch: Batch) -> str | None:
    match batch.review.acquisition:
        case Acquisition.REVIEW | None:
            return batch.committee.name
        case Acquisition.RECOGNITION | Acquisition.ASSESSMENT:
            return batch.committee.organizer or batch.committee.name
        case Acquisition.RECONFIRMATION:
            found = authority.find_authority(application, batch)
            return found.name if found else None
