"""The home folder and its settings."""

import re
import stat
from pathlib import Path

import pytest
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from core.errors import HomeNotReady
from core.settings import SECTIONS, Home, Section, write_atomically, write_private
from web.settings import WebSettings


class Example(Section):
    model_config = SettingsConfigDict(env_prefix="ZHICHENG_EXAMPLE_", frozen=True, extra="forbid")

    count: int = Field(default=3, ge=1)
    name: str = "甲"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    place = Home(tmp_path / "home")
    place.create()
    return place


def test_a_missing_file_gives_the_defaults(home: Home) -> None:
    """A fresh home needs no settings file."""
    assert home.section("example", Example) == Example()


def test_the_environment_wins_over_the_file(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator can override one value for one run."""
    home.config.write_text('[example]\ncount = 5\nname = "乙"\n', "utf-8")
    monkeypatch.setenv("ZHICHENG_EXAMPLE_COUNT", "9")
    section = home.section("example", Example)
    assert (section.count, section.name) == (9, "乙")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[example]\ncuont = 5\n", "example.cuont"),
        ("[example]\ncount = 0\n", "example.count"),
        ("[example\n", "zhicheng.toml"),
    ],
)
def test_a_wrong_settings_file_is_refused_with_its_place(home: Home, text: str, named: str) -> None:
    """A misspelt key, a bad value and bad TOML are each named."""
    home.config.write_text(text, "utf-8")
    with pytest.raises(HomeNotReady) as caught:
        home.section("example", Example)
    assert named in caught.value.diagnostics()


def test_a_new_home_is_private_and_an_old_one_keeps_its_mode(tmp_path: Path) -> None:
    """Certificates bear names; whoever has opened a home to a group on purpose is not locked out again."""
    Home(tmp_path / "above" / "new").create()
    assert stat.S_IMODE((tmp_path / "above" / "new").stat().st_mode) == 0o700
    old = tmp_path / "old"
    old.mkdir()
    old.chmod(0o750)
    Home(old).create()
    assert stat.S_IMODE(old.stat().st_mode) == 0o750


def test_the_keys_folder_and_secrets_are_private(home: Home) -> None:
    """Nobody else on the machine may read keys."""
    secret = home.keys / "secret"
    write_private(secret, b"x")
    assert stat.S_IMODE(home.keys.stat().st_mode) == 0o700
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        write_private(secret, b"y")


def test_a_home_that_is_a_file_is_not_ready(tmp_path: Path) -> None:
    """The message names the path."""
    path = tmp_path / "home"
    path.write_text("")
    with pytest.raises(HomeNotReady, match=str(path)):
        Home(path).create()


def test_an_atomic_write_leaves_no_partial_file(tmp_path: Path) -> None:
    """Readers see the old file or the new one."""
    path = tmp_path / "a" / "b.pdf"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert [entry.name for entry in path.parent.iterdir()] == ["b.pdf"]


def test_the_home_is_found_from_option_environment_or_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`--home` before ZHICHENG_HOME before ./zhicheng-home."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ZHICHENG_HOME", raising=False)
    assert Home.locate(None).root == tmp_path / "zhicheng-home"
    monkeypatch.setenv("ZHICHENG_HOME", str(tmp_path / "other"))
    assert Home.locate(None).root == tmp_path / "other"
    assert Home.locate(str(tmp_path / "given")).root == tmp_path / "given"


def test_what_is_wrong_with_a_setting_is_said_in_words_with_its_variable(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key in the file, or the variable that gave the value; in both languages."""
    home.config.write_text("[web]\nprot = 80\n", "utf-8")
    with pytest.raises(HomeNotReady) as caught:
        home.section("web", WebSettings)
    assert "[web.prot] 没有这一项设置" in caught.value.diagnostics()
    assert "[web.prot] there is no such setting" in caught.value.diagnostics("en")
    home.config.write_text("", "utf-8")
    monkeypatch.setenv("ZHICHENG_WEB_PORT", "abc")
    with pytest.raises(HomeNotReady) as caught:
        home.section("web", WebSettings)
    assert "[web.port, ZHICHENG_WEB_PORT] 须是整数" in caught.value.diagnostics()
    monkeypatch.setenv("ZHICHENG_WEB_PORT", "70000")
    with pytest.raises(HomeNotReady, match="不得大于 65535"):
        home.section("web", WebSettings)


def test_a_section_that_is_none_is_refused(home: Home) -> None:
    """A misspelt heading would leave everything below it without effect; the list is that of the documentation."""
    home.config.write_text("[wbe]\nport = 80\n", "utf-8")
    with pytest.raises(HomeNotReady, match=r"\[wbe\]"):
        home.section("web", WebSettings)
    described = (Path(__file__).parents[2] / "docs" / "settings.md").read_text("utf-8")
    assert tuple(re.findall(r"^## `\[(\w+)\]`$", described, re.MULTILINE)) == SECTIONS
