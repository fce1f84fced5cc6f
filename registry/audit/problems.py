"""What a check of the register finds: a stable code and the place, never a person's data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that does not fit; `code` is a key below `[problems]` in the catalogue."""

    code: str
    place: str

    def as_dict(self) -> dict[str, str]:
        """For `--json`."""
        return {"code": self.code, "place": self.place}
