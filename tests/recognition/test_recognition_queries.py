"""Certificates that no accepted region answers for: the query service's word, by its recorded answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.settings import Home
from registry.recognition.answer import QueryResult, Reason, Usable
from registry.recognition.errors import QueryUnavailable
from registry.recognition.queries import (
    NullQuery,
    RecordedQuery,
    TitleQuery,
    TitleQuestion,
    TitleRecord,
    query_of,
    records_of,
)
from registry.recognition.recogniser import Claim, Recognised, Recogniser

PERSON = TitleQuestion("敖登", "150101199001010000", "ZC2019001234")
ROW = {
    "aac003": "敖登",
    "aac147": "150101199001010000",
    "age116": "ZC2019001234",
    "aac200": "021",
    "age002": "工程系列",
    "age013": "副高级",
    "age007": 20191220,
    "age005": "某省工程系列高级评审委员会",
    "agb017": "某省水利勘测院",
    "aab301": "990000",
}
TABLES = {"AAC200": {"021": "高级工程师"}}


def answer(*rows: dict[str, object], code: str = "0") -> dict[str, object]:
    return {"code": code, "message": "", "data": {"str": json.dumps(list(rows)), "zccxCode": TABLES}}


def asked(
    tmp_path: Path, document: object, number: str = PERSON.number, name: str = PERSON.name
) -> Recognised:
    """A home that is on no list, with one recorded answer, asked about a certificate of an unknown region."""
    home = Home(tmp_path / "home")
    home.create()
    home.config.write_text('[recognition]\nquery = "recorded:kept"\n', "utf-8")
    if document is not None:
        kept = home.root / "kept"
        kept.mkdir()
        (kept / f"{PERSON.key}.json").write_text(json.dumps(document), "utf-8")
    return Recogniser(home).recognise(
        "", Claim(number=number, name=name, id_number=PERSON.id_number, level="副高级")
    )


@pytest.mark.parametrize("query", [NullQuery(), RecordedQuery(Path("none"))], ids=["null", "recorded"])
def test_every_query_service_fits_the_protocol(query: TitleQuery):
    """A name, and one question that is answered with records, with None, or with an error that is no “no”."""
    assert isinstance(query.name, str)
    try:
        said = query.ask(PERSON)
    except QueryUnavailable:
        said = None
    assert said is None


def test_field_codes_and_code_tables_are_read():
    """AAC200 021 is 高级工程师; the day is an integer."""
    (record,) = records_of(answer(ROW), "x")
    assert record == TitleRecord(
        "敖登",
        "ZC2019001234",
        "高级工程师",
        "工程系列",
        "副高级",
        "2019-12-20",
        "某省工程系列高级评审委员会",
        "某省水利勘测院",
        "990000",
    )


def test_a_record_that_agrees_is_usable_here(tmp_path: Path):
    """细则第五十七条: 全国系统查验 suffices, no re-confirmation."""
    found = asked(tmp_path, answer(ROW)).answer
    assert (found.code, found.reason) == (Usable.IN_REGION, Reason.NATIONAL_FOUND)
    assert found.result is QueryResult.NATIONAL_FOUND
    assert "高级工程师" in found.message
    assert any(one["kind"] == "query" for one in found.evidence)


def test_another_number_goes_to_a_person(tmp_path: Path):
    """G §8 MISMATCH: found, but not this certificate."""
    found = asked(tmp_path, answer({**ROW, "age116": "ZC2018000001"})).answer
    assert (found.code, found.reason) == (Usable.UNDECIDED, Reason.MISMATCH)
    assert "证书编号" in found.message


def test_an_empty_answer_leads_to_reconfirmation(tmp_path: Path):
    """A senior title is re-confirmed by the autonomous region's department."""
    found = asked(tmp_path, answer()).answer
    assert (found.code, found.reason) == (Usable.RECONFIRM, Reason.NATIONAL_NOT_FOUND)
    assert found.by == "内蒙古自治区人力资源和社会保障厅"
    assert found.papers


@pytest.mark.parametrize(
    "document",
    [None, answer(code="50"), answer(code="11"), {"code": "0"}, [], {"code": "0", "data": {"str": "{"}}],
    ids=["not recorded", "captcha", "parameters", "no data", "not an object", "broken inside"],
)
def test_no_usable_answer_is_never_a_no(tmp_path: Path, document: object):
    """G §8 UNAVAILABLE: 挂起，不得判不能核实."""
    found = asked(tmp_path, document).answer
    assert (found.code, found.result) == (Usable.UNDECIDED, QueryResult.UNAVAILABLE)
    assert "不得据此认定证书无效" in found.message


def test_without_a_service_an_unknown_region_is_reconfirmed(tmp_path: Path):
    """As before: nobody to ask."""
    home = Home(tmp_path / "home")
    home.create()
    claim = Claim(name="敖登", id_number=PERSON.id_number, level="中级")
    assert Recogniser(home).recognise("", claim).answer.reason is Reason.REGION_UNKNOWN


def test_a_setting_that_names_no_service_is_refused(tmp_path: Path):
    """A typing error in the settings is not silently “no service”."""
    with pytest.raises(QueryUnavailable):
        query_of("recored:kept", tmp_path)


@given(
    st.recursive(
        st.none() | st.text() | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_whatever_comes_back_is_records_or_one_error(document: object):
    """Nothing else escapes."""
    try:
        records = records_of(document, "x")
    except QueryUnavailable:
        records = ()
    assert all(isinstance(one, TitleRecord) for one in records)
