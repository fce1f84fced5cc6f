"""Settings refuse contradictions before any work; the messages of the room are complete."""

import importlib
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import signing
from core.errors import HomeNotReady
from core.message import catalogue, placeholders
from core.settings import Home
from signing import errors
from signing.settings import Level, SigningSettings
from signing.validate import Code, Outcome, StepName, Verdict
from signing.validate.report import verdict_of

ROOM = Path(errors.__file__).parent


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('level = "B-T"', 'level = "B-T" 要有时间戳机构：请在 [signing] 写 tsa = "rfc3161"'),
        ('level = "B-LT"\ntsa = "rfc3161"\ntsa_urls = ["http://tsa"]', "要有吊销信息的来源：请写 crl_files"),
        ('tsa = "rfc3161"', "还要写 tsa_urls"),
        ('tsa_urls = ["http://tsa"]', 'tsa = "none" 用不到它'),
        ('tsa = "rfc3161"\ntsa_urls = ["ftp://tsa"]', "ftp://tsa 须以 http:// 或 https:// 开头"),
        ('unlock = "env:PIN"', "没有写 key"),
        ('level = "B-X"', "[signing.level] 只能是 'B-B', 'B-T', 'B-LT', 'B-LTA'"),
        ("tsa_timeout_seconds = 0", "须大于 0"),
        ('tsa_urls = "http://tsa"', "[signing.tsa_urls] 须是列表"),
        ("misspelt = 1", "没有这一项设置"),
    ],
)
def test_contradictions_are_refused_at_start(tmp_path: Path, text: str, said: str) -> None:
    """Not at the 800th certificate; in Chinese, with what to write instead, and nothing of pydantic's English."""
    (tmp_path / "zhicheng.toml").write_text(f"[signing]\n{text}\n")
    with pytest.raises(HomeNotReady) as caught:
        Home(tmp_path).section("signing", SigningSettings)
    told = caught.value.diagnostics()
    assert said in told
    assert not re.search(r"Value error|Input should| or ", told)
    assert not re.search("[\u4e00-\u9fff]", caught.value.diagnostics("en"))


def test_a_list_in_the_environment_that_is_none_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It must be JSON there; the variable and the form stand in the message."""
    monkeypatch.setenv("ZHICHENG_SIGNING_TSA", "rfc3161")
    monkeypatch.setenv("ZHICHENG_SIGNING_TSA_URLS", "http://tsa")
    with pytest.raises(HomeNotReady) as caught:
        Home(tmp_path).section("signing", SigningSettings)
    assert """[signing.tsa_urls, ZHICHENG_SIGNING_TSA_URLS] 列表""" in caught.value.diagnostics()
    assert """ZHICHENG_SIGNING_TSA_URLS='["…", "…"]'""" in caught.value.diagnostics()
    monkeypatch.setenv("ZHICHENG_SIGNING_TSA_URLS", '["http://tsa"]')
    assert Home(tmp_path).section("signing", SigningSettings).tsa_urls == ("http://tsa",)


def test_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every setting is also ZHICHENG_SIGNING_*."""
    monkeypatch.setenv("ZHICHENG_SIGNING_LEVEL", "B-T")
    monkeypatch.setenv("ZHICHENG_SIGNING_TSA", "local")
    assert Home(tmp_path).section("signing", SigningSettings).level is Level.B_T


def test_both_catalogues_have_the_same_keys_and_placeholders() -> None:
    """The English twin lacks nothing and fills the same blanks."""
    zh, en = catalogue("signing", "zh"), catalogue("signing", "en")
    assert zh.keys() == en.keys()
    assert {key: placeholders(text) for key, text in zh.items()} == {
        key: placeholders(text) for key, text in en.items()
    }


def descendants(kind: type) -> Iterator[type]:
    """All classes below one."""
    for child in kind.__subclasses__():
        yield child
        yield from descendants(child)


def test_every_error_has_its_sentence() -> None:
    """Keys of error classes and entries of the catalogue are the same set."""
    for module in pkgutil.walk_packages(signing.__path__, "signing."):
        if not module.name.endswith(".child"):
            importlib.import_module(module.name)
    kinds = list(descendants(errors.SigningError))
    keys = {kind.key for kind in kinds if "key" in vars(kind)}
    assert keys == set(tomllib.loads((ROOM / "messages/zh.toml").read_text())["errors"])
    assert all(kind.__doc__ for kind in kinds)


def test_every_code_step_outcome_and_verdict_has_its_sentence() -> None:
    """A report never shows a bare code."""
    texts = catalogue("signing", "zh")
    for group, members in {"file": Code, "step": StepName, "outcome": Outcome, "verdict": Verdict}.items():
        assert {f"{group}.{one.value}" for one in members} == {
            key for key in texts if key.startswith(f"{group}.")
        }


def test_the_four_verdicts_all_occur_and_only_two_codes_are_genuine() -> None:
    """Whatever is not listed is tampering."""
    assert {verdict_of(code) for code in Code} == set(Verdict)
    assert {code for code in Code if verdict_of(code) is Verdict.GENUINE} == {Code.OK, Code.REGISTER_HASH}
