"""The workspace's own files: a private folder in the home with the uploaded workbooks under their hashes."""

from pathlib import Path
from typing import Final

from sqlalchemy import select

from core.settings import PRIVATE_FOLDER_MODE, Home
from registry.database.account_tables import work_batches
from registry.register import Register
from registry.storage import FolderStorage
from registry.workspace.model import Stage

FOLDER: Final = "workspace"
STORE: Final = "store"


def workspace(home: Home) -> Path:
    """The workspace's folder; holds personal data, so it is private."""
    path = home.root / FOLDER
    path.mkdir(mode=PRIVATE_FOLDER_MODE, parents=True, exist_ok=True)
    return path


def workbooks(home: Home) -> FolderStorage:
    """Every uploaded workbook under its hash; inside the private folder, for they hold whole ID numbers."""
    return FolderStorage(workspace(home) / STORE)


def newest_workbook(register: Register, number: str, folder: Path) -> Path | None:
    """Write the newest workbook of a batch number that was uploaded to the workspace into `folder`.

    Raises:
        StoredFileMissing: it is lost.
    """
    wanted = select(work_batches.c.sha256, work_batches.c.file_name).where(
        work_batches.c.number == number, work_batches.c.stage != str(Stage.DISCARDED)
    )
    with register.database.read() as connection:
        row = connection.execute(wanted.order_by(work_batches.c.id.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    path = folder / f"batch{Path(row.file_name).suffix.lower()}"
    path.write_bytes(workbooks(register.home).get(bytes(row.sha256).hex()))
    return path
