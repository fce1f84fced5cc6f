"""The home folder and its settings: one TOML file, one frozen section per room, every value also in the environment."""

import json
import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn, TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from core.errors import HomeMissing, HomeNotReady
from core.message import DEFAULT_LANGUAGE, catalogue
from core.reasons import refusal
from core.sentences import Sentence

DEFAULT_HOME = "zhicheng-home"
HOME_VARIABLE = "ZHICHENG_HOME"
CONFIG_NAME = "zhicheng.toml"
KEY_MARKS = ("ring.json", "registry.json")  # one of the two is made with every home
SECTIONS = ("records", "signing", "recognition", "registry", "jobs", "storage", "web", "oidc")
PRIVATE_MODE = 0o600
PRIVATE_FOLDER_MODE = 0o700


class Section(BaseSettings):
    """Base of a room's settings section. The environment wins over the file; unknown keys are refused.

    A subclass sets `model_config = SettingsConfigDict(env_prefix="ZHICHENG_<SECTION>_")`.
    """

    model_config = SettingsConfigDict(frozen=True, extra="forbid")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment first, then the values of the file."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings


S = TypeVar("S", bound=Section)


def refuse(room: str, key: str, **data: object) -> NoReturn:
    """How a validator refuses: with a sentence of the room's catalogue, below `[settings]`.

    Raises:
        ValueError: always, as pydantic wants it.
    """
    raise ValueError(Sentence.of(room, f"settings.{key}", **data))


@dataclass(frozen=True)
class Home:
    """The home folder: settings, database, keys (0600), files, the operator's own templates.

    Without `founding` a folder that is no home yet stays as it is: a mistyped path must never become an empty register.
    """

    root: Path
    founding: bool = field(default=True, compare=False)

    @classmethod
    def locate(cls, given: str | None, *, founding: bool = True) -> "Home":
        """`--home`, else `ZHICHENG_HOME`, else `./zhicheng-home`. Nothing is created."""
        return cls(Path(given or os.environ.get(HOME_VARIABLE) or DEFAULT_HOME).resolve(), founding)

    @property
    def exists(self) -> bool:
        """Whether the folder is a home: it has settings, or keys that the program made."""
        return any(path.exists() for path in (self.config, *(self.keys / name for name in KEY_MARKS)))

    @property
    def config(self) -> Path:
        """The settings file."""
        return self.root / CONFIG_NAME

    @property
    def keys(self) -> Path:
        """Folder of key files, mode 0700."""
        return self.root / "keys"

    @property
    def files(self) -> Path:
        """Folder of stored files (certificates and their like)."""
        return self.root / "files"

    @property
    def templates(self) -> Path:
        """The operator's own templates, which stand before the built-in ones of the same name."""
        return self.root / "templates"

    def create(self) -> None:
        """Make the folder and its private sub-folders; harmless when they exist.

        Raises:
            HomeMissing: the folder is no home, and whoever asks is not to make one.
            HomeNotReady: the path is not a folder or cannot be written.
        """
        try:
            if not self.founding and not self.exists:
                raise HomeMissing(path=str(self.root))
            self.root.parent.mkdir(parents=True, exist_ok=True)
            self.root.mkdir(mode=PRIVATE_FOLDER_MODE, exist_ok=True)  # one that is there keeps its mode
            for folder in (self.files, self.templates):
                folder.mkdir(exist_ok=True)
            self.keys.mkdir(mode=PRIVATE_FOLDER_MODE, exist_ok=True)
        except OSError as error:
            raise HomeNotReady(path=str(self.root), reason=refusal(error)) from error

    def section(self, name: str, model: type[S]) -> S:
        """The settings section `[name]`, completed from the environment and checked.

        Raises:
            HomeNotReady: the file is not TOML, or a value is unknown or contradictory.
        """
        try:
            found = tomllib.loads(self.config.read_text("utf-8")) if self.config.exists() else {}
            if unknown := set(found) - {*SECTIONS, name}:
                reason = Sentence.of(
                    "core", "settings.unknown_section", place=min(unknown), known=" ".join(SECTIONS)
                )
                raise HomeNotReady(path=str(self.config), reason=reason)
            return model(**found.get(name, {}))
        except (tomllib.TOMLDecodeError, OSError, UnicodeDecodeError) as error:
            raise HomeNotReady(path=str(self.config), reason=str(error)) from error
        except ValidationError as error:
            raise HomeNotReady(path=str(self.config), reason=_refused(name, model, error)) from error
        except SettingsError as error:
            raise HomeNotReady(path=str(self.config), reason=_no_list(name, model)) from error


def _refused(section: str, model: type[Section], error: ValidationError) -> str:
    """What is wrong with a section: the key, where it was given, and why, as far as there is a sentence for it."""
    first = error.errors()[0]
    key = ".".join([section, *map(str, first["loc"])])
    variable = "".join([model.model_config.get("env_prefix", ""), *map(str, first["loc"][:1])]).upper()
    place = f"{key}, {variable}" if variable in os.environ else key
    kind = f"settings.{first['type']}"
    context = first.get("ctx", {})
    words = own_words(error)
    if kind in catalogue("core", DEFAULT_LANGUAGE):
        limits = {name: value for name, value in context.items() if isinstance(value, str | int | float)}
        if "expected" in limits:  # English of pydantic's: 'a', 'b' or 'c'
            limits["expected"] = str(limits["expected"]).replace(" or ", ", ")
        return Sentence.of("core", kind, place=place, words=words, **limits)
    return f"[{place}] {words}"


def own_words(error: ValidationError) -> str:
    """What a validator of ours said, else what pydantic says; a sentence stays one."""
    first = error.errors()[0]
    said = first.get("ctx", {}).get("error")
    if not isinstance(said, ValueError) or not said.args:
        return first["msg"]
    return said.args[0] if isinstance(said.args[0], Sentence) else str(said)


def _no_list(section: str, model: type[Section]) -> str:
    """Of lists the environment holds JSON: the first variable of the section that does not."""
    prefix = model.model_config.get("env_prefix", "")
    for name, one in model.model_fields.items():
        variable = f"{prefix}{name}".upper()
        if str(one.annotation).startswith("tuple") and not _is_list(os.environ.get(variable, "[]")):
            place = f"{section}.{name}, {variable}"
            return Sentence.of("core", "settings.no_list", place=place, variable=variable)
    return f"[{section}]"


def _is_list(text: str) -> bool:
    try:
        return isinstance(json.loads(text), list)
    except ValueError:
        return False


def write_private(path: Path, data: bytes) -> None:
    """Write a secret with mode 0600 from its first moment; never follows an existing file.

    Raises:
        FileExistsError: there is such a file already.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_MODE)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(data)


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that nobody ever sees half of it (temporary name, then rename)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    partial.write_bytes(data)
    partial.replace(path)
