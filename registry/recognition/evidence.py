"""What a decision stood on, kept in the home: question, signed answers and lists as received, times, decision."""

import json
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from core.settings import PRIVATE_FOLDER_MODE, write_private
from registry.clock import stamp
from registry.model import canonical

FOLDER: Final = "recognition"
ID_BYTES: Final = 8
NAME: Final = re.compile(r"\d{8}T\d{6}-[0-9a-f]{16}")


@dataclass
class Evidence:
    """Gathered while a decision is made; `summary` goes into the answer, the tokens into the record."""

    at: datetime
    summary: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[dict[str, str]] = field(default_factory=list)

    def add(
        self, kind: str, *, token: str | None = None, at: datetime | None = None, **detail: object
    ) -> None:
        """Note one piece: `trust_list`, `credential`, `answer`, `no_answer`, `answer_refused`, `status_list`."""
        from hashlib import sha256

        entry: dict[str, Any] = {"kind": kind, "at": stamp(at or self.at), **detail}
        if token is not None:
            entry["sha256"] = sha256(token.encode()).hexdigest()
            self.tokens.append({"sha256": entry["sha256"], "token": token})
        self.summary.append(entry)

    def keep(self, home: Path, decision: dict[str, Any]) -> str:
        """Write the record with mode 0600 and return its name."""
        name = f"{self.at:%Y%m%dT%H%M%S}-{secrets.token_hex(ID_BYTES)}"
        folder = home / FOLDER / f"{self.at:%Y-%m}"
        folder.mkdir(mode=PRIVATE_FOLDER_MODE, parents=True, exist_ok=True)
        document = {
            "at": stamp(self.at),
            "decision": decision,
            "evidence": self.summary,
            "tokens": self.tokens,
        }
        write_private(folder / f"{name}.json", canonical(document).encode())
        return name


def read_record(home: Path, name: str) -> dict[str, Any] | None:
    """A kept record by its name; None when it is gone or is no such name."""
    if not NAME.fullmatch(name):
        return None
    try:
        path = home / FOLDER / f"{name[:4]}-{name[4:6]}" / f"{name}.json"
        document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return document
