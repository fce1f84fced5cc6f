"""Lighthouse on home, result page and office start, where node's `lighthouse` is on the path: `python bench/lighthouse.py`."""

import json
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # scripts beside this one bear the names of rooms

PEOPLE: Final = 6
GOAL: Final = 0.95
CATEGORIES: Final = ("performance", "accessibility", "best-practices", "seo")
CHROME: Final = "--chrome-flags=--headless=new --no-sandbox --disable-gpu"


def scores(address: str, out: Path) -> dict[str, float]:
    """The four categories of one page, 0 to 1."""
    command = ["lighthouse", address, "--quiet", CHROME, "--output=json", f"--output-path={out}"]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    found = json.loads(out.read_text())["categories"]
    return {name: float(found[name]["score"]) for name in CATEGORIES}


def main() -> int:
    """Measure the three pages and say whether each reaches the goal."""
    if shutil.which("lighthouse") is None:
        print("lighthouse is not installed; nothing measured")
        return 0
    from waitress.server import create_server

    from core.settings import Home
    from records.sample import sample_batch
    from registry.issuing.run import issue
    from registry.log.events import Actor
    from registry.register import Register
    from web.app import create_app

    good = True
    with tempfile.TemporaryDirectory() as folder:
        home, batch = Home(Path(folder) / "home"), sample_batch(PEOPLE, 7)
        with Register.open(home) as register:
            issue(register, batch, Path(folder) / "out", actor=Actor("bench", channel="bench"))
            person = batch.passed[0].person
            [certificate, *_] = register.lookup.query(person.name or "", person.identity_number or "")
        server = create_server(create_app(home), host="127.0.0.1", port=0)
        threading.Thread(target=server.run, daemon=True).start()
        for path in ("/", f"/v/{certificate.code}", "/office/login"):
            found = scores(
                f"http://127.0.0.1:{server.effective_port}{path}", Path(folder) / "lighthouse.json"
            )
            met = all(found[name] >= GOAL for name in CATEGORIES)
            good &= met
            shown = "  ".join(f"{name} {score:.0%}" for name, score in found.items())
            print(f"{path[:3]:<4} {shown}   {'met' if met else 'MISSED'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
