"""Invented certificates that show what a face must bear: the usual, the long, the rare; for previews and tests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from generator.certificate.parts import CertificateFacts, IssueMarks
from records.batch.model import Sex
from records.sample import SAMPLE_FOLDER

SAMPLE_FACTS: Final = CertificateFacts(
    application_number="SB2025-0001",
    name="乌云其木格",
    sex="女",
    birth="1988年3月",
    identity_kind="居民身份证",
    identity_masked="150101********0006",
    series="工程系列",
    specialty="水利水电工程",
    title="高级工程师",
    level="副高级",
    grade="副高级",
    acquisition="评审",
    obtained_on=date(2025, 11, 28),
    conferrer="内蒙古自治区工程系列高级职称评审委员会",
    employer="内蒙古自治区水利水电勘测设计院有限公司",
    authority="内蒙古自治区人力资源和社会保障厅",
    authority_region="150000",
)
SAMPLE_MARKS: Final = IssueMarks(
    number="NM20251500202P000128",
    licence_identifier="1.2.156.3005.2.11100000000013338W011.11150000011501234X.NM20251500202P000128.001.S",
    code="A2B3C4D5E6F7G2H3J4K5L6M7N2",
    url="https://ZC.EXAMPLE.CN/V/A2B3C4D5E6F7G2H3J4K5L6M7N2",
    issued_on=date(2026, 1, 15),
)

LEAGUE_OFFICE: Final = "呼伦贝尔市人力资源和社会保障局"
LEAGUE: Final = "150700"


@dataclass(frozen=True, slots=True)
class Case:
    """One invented certificate; `label` says in Chinese what it shows."""

    name: str
    label: str
    facts: CertificateFacts
    marks: IssueMarks = SAMPLE_MARKS
    photo: bool = True


def _facts(**changes: object) -> CertificateFacts:
    return replace(SAMPLE_FACTS, **changes)  # type: ignore[arg-type]


CASES: Final = (
    Case("usual", "评审，副高级", SAMPLE_FACTS),
    Case(
        "full_senior", "正高级", _facts(name="王淑兰", title="正高级工程师", level="正高级", grade="正高级")
    ),
    Case(
        "intermediate",
        "中级，盟市用印",
        _facts(
            name="张伟",
            sex="男",
            identity_masked="150701********9990",
            title="工程师",
            level="中级",
            grade="中级",
            conferrer="呼伦贝尔市工程系列水利专业中级职称评审委员会",
            authority=LEAGUE_OFFICE,
            authority_region=LEAGUE,
        ),
    ),
    Case(
        "assistant",
        "助理级，旗县用印，认定",
        _facts(
            name="包",
            title="助理工程师",
            level="初级",
            grade="助理级",
            acquisition="认定",
            conferrer="鄂温克族自治旗水利局",
            employer="鄂温克族自治旗水利技术推广站",
            authority="鄂温克族自治旗人力资源和社会保障局",
            authority_region="150724",
        ),
    ),
    Case(
        "basic",
        "员级，考核，无照片",
        _facts(
            name="斯琴高娃",
            title="技术员",
            level="初级",
            grade="员级",
            acquisition="考核",
            conferrer="海拉尔区住房和城乡建设局",
            authority="呼伦贝尔市海拉尔区人力资源和社会保障局",
            authority_region="150702",
        ),
        photo=False,
    ),
    Case(
        "long",
        "二十字姓名、超长单位、双行职称",
        _facts(
            name="阿拉坦敖其尔·斯琴毕力格·乌力吉巴雅尔",
            series="工程系列",
            specialty="工业自动化仪表与控制系统集成及智能装备研发设计",
            title="正高级工程师（新能源与智能电网装备研发方向）",
            level="正高级",
            grade="正高级",
            conferrer="内蒙古自治区工程系列保密系统信息安全与网络空间防护专业高级职称评审委员会",
            employer="呼伦贝尔市莫力达瓦达斡尔族自治旗尼尔基镇新能源与智能电网装备研发设计院有限责任公司第二分院",
        ),
    ),
    Case("rare", "生僻字", _facts(name="赵𬱖𪚥㛃", employer="𫖯𠅤𬭎𫍯生物科技（内蒙古）有限公司")),
    Case(
        "targeted",
        "定向评价、定向使用",
        _facts(
            name="敖登",
            series="卫生系列",
            specialty="全科医学",
            title="主任医师",
            level="正高级",
            grade="正高级",
            conferrer="呼伦贝尔市基层卫生专业高级职称评审委员会",
            employer="鄂伦春自治旗大杨树镇中心卫生院",
            authority=LEAGUE_OFFICE,
            authority_region=LEAGUE,
            scope="呼伦贝尔市",
        ),
    ),
    Case(
        "reissued",
        "重新确认，换发",
        _facts(
            name="巴雅尔·孟和", sex="男", acquisition="重新确认", conferrer="内蒙古自治区人力资源和社会保障厅"
        ),
        replace(SAMPLE_MARKS, number="NM20261500202Q000015", predecessor="NM20251500202P000128"),
    ),
)
BY_NAME: Final = {case.name: case for case in CASES}


def portrait(case: Case) -> bytes | None:
    """A drawn portrait, nobody's, as JPEG of the usual size (358 × 441 pixels); None when the case has no photo."""
    name = "f1.jpg" if case.facts.sex == Sex.FEMALE else "m1.jpg"
    return (SAMPLE_FOLDER / "photos" / name).read_bytes() if case.photo else None
