"""Places in regulations on pages in Chinese and in English."""

import re

import pytest
from flask import Flask
from flask_babel import force_locale

from records.regulation import rules
from web.http.citations import cited, number_of
from web.http.languages import HAN

DOCUMENT = re.compile(r"\S+?〔\d{4}〕\d+号")


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("细则第四十二条", "Rules, art. 42"),
        ("细则第三十六条（一）", "Rules, art. 36(1)"),
        ("细则第五十三条第二款", "Rules, art. 53, para. 2"),
        ("细则第二十一条末款", "Rules, art. 21, last paragraph"),
        ("细则第二十六—五十八条", "Rules, arts. 26–58"),
        ("细则第四十四条、细则第四十七条", "Rules, art. 44; Rules, art. 47"),
        ("部令第40号", "Ministerial Order No. 40"),
        ("内人社办发〔2024〕85号四（四）7", "内人社办发〔2024〕85号, section 4(4)7"),
        ("内人社办发〔2024〕172号附件2填表说明", "内人社办发〔2024〕172号, annex 2, notes on filling in"),
        ("包头市2025年通知二（一）3、四（二）4", "Baotou Notice 2025, section 2(1)3; section 4(2)4"),
        ("第五十七条", "article 57"),
        ("某办法第三条", "某办法article 3"),
        ("某办法", "某办法"),
    ],
)
def test_citations_are_said_in_english_and_stay_in_chinese(app: Flask, chinese: str, english: str) -> None:
    """What is not known stays as it is written."""
    with app.test_request_context():
        assert cited(chinese) == chinese
        with force_locale("en"):
            assert cited(chinese) == english


def test_whatever_a_rule_cites_can_be_said(app: Flask) -> None:
    """Only the numbers of official documents stay Chinese: they are names."""
    every = {clause for rule in rules.RULES for clause in rule.clauses}
    with app.test_request_context(), force_locale("en"):
        left = {one: said for one in every if HAN.search(DOCUMENT.sub("", said := cited(one)))}
    assert left == {}


@pytest.mark.parametrize(("numeral", "number"), [("七", 7), ("十", 10), ("五十七", 57), ("一百零三", 103)])
def test_chinese_numerals(numeral: str, number: int) -> None:
    """As articles are counted."""
    assert number_of(numeral) == number
