"""Certificates made together by the real press: what is wrong with one of them holds up nobody else."""

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from registry_helpers import ACTOR, assert_sound, in_chunks_of, issue_blank, rows

from core.errors import HouseError
from records.batch.model import Batch
from records.sample import SAMPLE_FOLDER, sample_batch
from registry.issuing.press_maker import PressMaker
from registry.issuing.produce import Made
from registry.issuing.run import SHORT_CHUNK, issue
from registry.issuing.types import Order
from registry.register import Register
from signing.authority.opening import open_authority
from signing.validate import validate


class LosingMaker(PressMaker):
    """Loses one photo before it can be read, as when somebody clears up the folder meanwhile."""

    def press_all(self, orders: Sequence[Order]) -> list[Made | HouseError]:
        """The third person's photo is gone."""
        if orders[2].photo:
            Path(orders[2].photo).unlink()
        return super().press_all(orders)


@pytest.fixture
def photos(batch: Batch, tmp_path: Path) -> tuple[Batch, Path]:
    """The batch with a photo of its own for everybody, in a folder: the second person's is a text."""
    folder = tmp_path / "folder"
    (folder / "photos").mkdir(parents=True)
    source = SAMPLE_FOLDER / "photos" / "f1.jpg"
    people = []
    for index, one in enumerate(batch.applications):
        name = f"photos/{index}.jpg"
        shutil.copyfile(source, folder / name)
        people.append(one.model_copy(update={"person": one.person.model_copy(update={"photo": name})}))
    second = [one for one in people if one.passed][1]
    (folder / str(second.person.photo)).write_text("这不是照片")
    return batch.model_copy(update={"applications": tuple(people)}), folder


def test_a_bad_and_a_lost_photo_hold_up_nobody_else(
    register: Register, photos: tuple[Batch, Path], tmp_path: Path
) -> None:
    """Both are named with their reason; the others' files are genuine, and the next run makes the two."""
    batch, folder = photos
    out = tmp_path / "out"
    report = issue(register, batch, out, actor=ACTOR, photos=folder, factory=LosingMaker)
    second, third = (one.number for one in batch.passed[1:3])
    assert [one.application_number for one in report.left_out] == [second, third]
    assert all("照片" in one.reasons[0] for one in report.left_out)
    assert "No such file" in report.left_out[1].reasons[0]
    assert report.issued == len(batch.passed) - 2
    trust = open_authority(register.home).anchors
    files = sorted((out / "certificates").glob("*.pdf"))
    assert len(files) == report.issued
    assert all(validate(path.read_bytes(), trust).genuine for path in files[:3])
    for one in batch.passed[1:3]:
        shutil.copyfile(SAMPLE_FOLDER / "photos" / "f1.jpg", folder / str(one.person.photo))
    assert issue(register, batch, out, actor=ACTOR, photos=folder).issued == 2
    assert_sound(register, batch, out)


def test_together_and_one_by_one_give_the_same_files(
    register: Register, batch: Batch, tmp_path: Path
) -> None:
    """But for signatures and identifiers that are drawn anew: same length, and every hash is that of its file."""
    small = in_chunks_of(3, register)
    together: list[tuple[int, str, str]] = []

    class Comparing(PressMaker):
        def press_all(self, orders: Sequence[Order]) -> list[Made | HouseError]:
            made = super().press_all(orders)
            for order, one in zip(orders, made, strict=True):
                assert not isinstance(one, HouseError)
                credential, file, sha256 = one
                data = b"".join(file)
                assert hashlib.sha256(data).hexdigest() == sha256
                alone, _ = self.press(order, credential)
                start = data.index(b"/Contents<")  # what is signed; an ECDSA signature differs every time
                assert b"".join(alone)[:start] == data[:start]
                assert credential == self.credential(order)
                together.append((len(data), sha256, order.slot.number))
            return made

    report = issue(small, batch, tmp_path / "out", actor=ACTOR, factory=Comparing)
    assert len({number for _, _, number in together}) == report.issued == len(batch.passed)


def test_progress_comes_in_pieces_of_one_transaction(register: Register, tmp_path: Path) -> None:
    """Hundreds are registered at once, but the bar moves while they are pressed; a second run is told of everybody."""
    batch = sample_batch(700, 5)
    steps: list[tuple[int, int]] = []

    def tell(people: int) -> None:
        steps.append((people, rows(register, "SELECT count(*) FROM certificates")[0][0]))

    issue_blank(register, batch, tmp_path / "out", progress=tell)
    passed = len(batch.passed)
    assert 2 * SHORT_CHUNK < passed < register.settings.chunk
    assert steps == [(SHORT_CHUNK, 0), (SHORT_CHUNK, 0), (passed - 2 * SHORT_CHUNK, passed)]
    steps.clear()
    assert issue_blank(register, batch, tmp_path / "out", progress=tell).already == passed
    assert steps == [(passed, passed)]
