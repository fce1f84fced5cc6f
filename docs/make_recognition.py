"""Writes docs/recognition.md: how mutual recognition works, and the table of cases that the tests play for real.

Run: .venv/bin/python docs/make_recognition.py
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from core.message import catalogue

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "recognition.md"
HEAD = """# Mutual recognition

Regions that trust each other's keys and nothing else. Each region signs an entry about itself; a neutral anchor signs
the list of accepted entries; every region keeps the anchor's public key and asks the issuing region online.

## Setting up

On each region's machine: `zhicheng region publish -o entry.jwt` (add `--status-lists FOLDER` for a stick).

On the anchor's machine, which needs no network:

```sh
zhicheng region anchor create anchor --name 互认联盟 --unlock prompt
zhicheng region anchor accept anchor entry.jwt --since 2026-01-01
zhicheng region anchor sign anchor -o list.jwt --unlock prompt
```

On each region's machine: `zhicheng region accept list.jwt --anchor anchor.jwks.json`, then `zhicheng region refresh`
every hour (or `zhicheng region refresh --from FOLDER`). `zhicheng region anchor suspend anchor 900002 --from 2026-05-01`
stops recognising what a member issues from that day; `--lift` ends the suspension, `--end` the membership.

Conditions of an entry (`--conditions`, JSON): `series` and `levels` (lists), `issued_from` and `issued_until` (days),
`scope` (`{"name": …, "region": …}`), `note`. Whoever does not understand a condition refuses the list.

## Three keys per region

The entry key signs what a region says of itself and is written down by the anchor; the seal key signs documents; the
service key signs credentials, answers and status lists. A new seal or service key needs a new entry and a new list;
until the list is renewed, what the new key signed is not decided, which is not a refusal.

## What is refused

A list that is older than the one in use, expired, dated in the future, of another anchor; a second list with the same
number and other content; a list that drops an earlier act; a condition that is unknown; an entry that is not signed by
the key that was written down. `zhicheng region accept` prints the list's digest: regions compare it by telephone.

## What is believed

An online answer counts when it is signed with a key of the accepted entry, carries the question's nonce and is not
more than five minutes off; it must come within three seconds. Without one, the signed credential and the last status
list within its validity decide, and the sentence says so: a revocation after that list is seen only when the region
answers again. Suspension counts by the day of issue that the certificate states; a member that may no longer issue
could date back, so the sentence about any certificate of a suspended member adds that the day is its own statement.

The question about a file carries its SHA-256, the answer `registered: true` or `false`: a sound signature over a file that
the issuing region does not know is tampering (`not_registered`). A release that does not know the question, or a region
that does not answer, leaves it open, and the file answer says so. See [validation.md](validation.md).

## When no region answers

`[recognition] query` names a query service (全国职称评审信息查验系统, another province's service) that is asked by name and
ID number when no accepted region can answer. `recorded:FOLDER` reads answers as they were received, one file per
person; an installation may add its own service by the same protocol (`registry/recognition/queries.py`). What it finds
and what agrees is usable; another number goes to a person; a service that cannot be asked is never a “no”.

## Many at once

`zhicheng region bulk TABLE.xlsx -o REPORT` (Excel, CSV, or a folder of PDFs; 5,000 and more) decides row by row: regions
in parallel, each asked by four questions at a time at the most, a region that fails left alone for a while. It writes
`report.json` with a signed token of the same content and `report.xlsx`; a row that cannot be asked says why.

## Cases for people

Fields that differ open a case; papers only, or a certificate that nobody answers for, are re-confirmed
(细则第五十七条第二款):

```sh
zhicheng region case open --region 110000 --number 旧-001 --name 王某 --id-number 150101199001010000 --level 副高级
zhicheng region case list
zhicheng region case review 1 --expert 甲,教授,同意 --expert 乙,教授,同意 --expert 丙,教授,不同意,材料不全
zhicheng region case decide 1 --confirm --document 示例人社确〔2026〕3号
```

`open` asks the machine first: what can be verified online is not re-confirmed. A certificate on paper, of an office that
is on no list, is not asked for: `--paper --office 示例省人事厅` instead of `--region`. Whoever noted the experts' opinions
does not decide: in the workspace always, at the command line where `[registry] four_eyes` is set. At least three experts are heard and most
must agree; their names are sealed. A confirmed person is put into a batch with 取得方式 重新确认; `zhicheng issue` leaves
out whoever is undecided or refused, prints the old number on the new certificate, closes the case and writes a signed
message to the old region. Servers (`zhicheng serve`, gunicorn) and `zhicheng worker` send it by themselves
(`[recognition] deliver_seconds`, 0 for not at all; of several processes one sends each message), again after one minute at first, after a day at most, until the old region's signed receipt is there;
`zhicheng region deliver` and every `region refresh` do so at once. `zhicheng region deliver --to FOLDER` and
`zhicheng region receive FOLDER` do the same on a stick. The old certificate stays as it is; its history says where it
was exchanged.

## In the workspace

The page 互认 lists what waits with the next step and who takes it. The operator registers applications and the experts'
opinions; a reviewer or issuer, never the person who noted the opinions, decides with document number and reason. Each
matter shows the machine's answer, the name of its evidence, every step with person and time, and whether the old region
has been told. Names of experts and ID numbers are not shown.

## Cases

Played in the tests with real processes; the last column is the sentence, with its placeholders.

| case | verdict | decision | reason | sentence |
| --- | --- | --- | --- | --- |
"""


def page(cases: Mapping[str, tuple[str, str, str]]) -> str:
    """The whole page."""
    return HEAD + "".join(_row(name, *case) for name, case in cases.items())


def _row(name: str, verdict: str, decision: str, reason: str) -> str:
    sentence = catalogue("registry", "zh")[f"recognised.{reason}"]
    return f"| {name} | `{verdict}` | `{decision}` | `{reason}` | {sentence} |\n"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "tests" / "recognition"))
    from test_recognition_cases import EXPECTED

    PAGE.write_text(page(EXPECTED), "utf-8")
