"""Code tables: regions, titles, tables of a person."""

import pytest

from records import codes
from records.batch.model import Level
from records.codes import Grade


def test_the_region_has_twelve_leagues_and_103_counties() -> None:
    """GB/T 2260: 12 盟市, 103 旗县市区."""
    assert len(codes.leagues()) == 12
    assert sum(item.is_county for item in codes.regions()) == 103


def test_a_county_knows_its_league_and_its_full_name() -> None:
    """A code says to which 盟市 it belongs."""
    county = codes.region("150105")
    assert (county.name, county.league_name, county.league_code) == ("赛罕区", "呼和浩特市", "150100")
    assert county.full_name == "内蒙古自治区呼和浩特市赛罕区"


def test_an_abolished_code_is_not_in_force() -> None:
    """伊克昭盟 ended in 2001; its code is known but not offered."""
    assert codes.find_region("152700") is None
    assert any(item.code == "152700" and item.until == 2001 for item in codes.regions_ever())


def test_an_unknown_region_code_is_refused() -> None:
    """Nothing is guessed."""
    with pytest.raises(codes.UnknownCode, match="150199"):
        codes.region("150199")


def test_there_are_27_national_series_and_two_of_the_region() -> None:
    """27 national series, party-school teachers, farmers; the numbers are unique."""
    numbers = [item.number for item in codes.series()]
    assert len([number for number in numbers if number <= "27"]) == 27
    assert numbers[-2:] == ["28", "31"]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("工程", "工程系列"),
        ("工程系列", "工程系列"),
        ("工程系列（水利）", "工程系列"),
        ("水利工程", "工程系列"),
        ("光伏硅基", "工程系列"),
        ("卫生技术人员", "卫生系列"),
        ("党校教师", "党校（行政学院）教师系列"),
        ("农牧民", "农牧民系列"),
    ],
)
def test_a_series_is_known_by_its_usual_names(text: str, name: str) -> None:
    """Rosters write the series or, as the official example does, the specialty."""
    found = codes.find_series(text)
    assert found is not None
    assert found.name == name


def test_an_unknown_series_is_none() -> None:
    """绿色通道 is a channel, not a series."""
    assert codes.find_series("绿色通道") is None
    assert codes.find_series(None) is None


def test_a_title_knows_series_and_level() -> None:
    """研究员 is full-senior in two series."""
    found = codes.titles_named("研究员")
    assert {title.series for title in found} == {"哲学社会科学研究系列", "自然科学研究系列"}
    assert {title.level for title in found} == {Level.FULL_SENIOR}


def test_a_title_with_two_spellings_is_found_by_each() -> None:
    """主治（主管）医师 is written 主治医师 or 主管医师."""
    assert (
        codes.titles_named("主治医师")
        == codes.titles_named("主管医师")
        == codes.titles_named("主治（主管）医师")
    )


def test_both_lower_grades_are_junior() -> None:
    """初级 covers 助理级 and 员级."""
    assert Grade.ASSISTANT.level is Grade.BASIC.level is Level.JUNIOR
    names = {title.name for title in codes.titles_of("工程系列", Level.JUNIOR)}
    assert names == {"助理工程师", "技术员"}


def test_farmers_have_no_full_senior_title() -> None:
    """农牧民职称 has three levels."""
    assert codes.titles_of("农牧民系列", Level.FULL_SENIOR) == ()
    assert any(
        title.name == "农牧民高级农艺师" for title in codes.titles_of("农牧民系列", Level.ASSOCIATE_SENIOR)
    )


def test_an_old_title_has_its_name_of_today() -> None:
    """教授级高级工程师 may stand only as 现职称."""
    assert codes.former_title("教授级高级工程师") == "正高级工程师"
    assert codes.titles_named("教授级高级工程师") == ()


@pytest.mark.parametrize("field", codes.targeted_fields(), ids=lambda field: field.name)
def test_every_targeted_field_uses_a_real_series(field: codes.TargetedField) -> None:
    """定向评价 uses the titles of the ordinary series."""
    assert all(codes.find_series(name) for name in field.series)


def test_people_tables_accept_full_and_short_names() -> None:
    """汉 and 汉族, 本科 and 大学本科毕业, 中共党员 and the full name."""
    assert codes.ethnic("汉") == codes.ethnic("汉族")
    assert len(codes.ethnics()) == 56
    full = codes.education("大学本科毕业")
    assert full is not None
    assert codes.education("本科") == full
    assert full.rank == 3
    assert codes.politics("中共党员") == codes.politics("中国共产党党员")
    assert codes.ethnic("不存在") is codes.education("不存在") is codes.politics("不存在") is None
