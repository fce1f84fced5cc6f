"""Every page of the site with who sees it: the list that axe-core, the language check and the pictures walk along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.accounts.model import Role

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from world import World

Step = Callable[["Page", "World"], None]
Path = Callable[["World"], str]

NOT_PAGES = frozenset(
    {
        # JSON, files, pictures, fonts, redirects: nothing that a person reads as a page
        "api.certificate",
        "api.region",
        "glyphs.font",
        "glyphs.sheet",
        "trust.keys",
        "trust.root",
        "trust.security",
        "holder.archived_form",
        "holder.download",
        "holder.download_copy",
        "holder.oidc_back",
        "holder.oidc_start",
        "holder.picture",
        "office.annotated",
        "office.archive",
        "office.audit_csv",
        "office.audit_xlsx",
        "office.log_head_file",
        "office.certificate_file",
        "office.certificate_sample",
        "office.job_events",
        "office.job_state",
        "office.one_file",
        "office.workbook",
        "openapi.doc_url",
        "openapi.static",
        "operation.healthz",
        "operation.metrics_text",
        "operation.readyz",
        "receipts.document",
        "static",
        "tour.file",
        "transparency.head",
        "transparency.lists",
        "transparency.one_list",
        "transparency.proof",
        # the same page under an address in capitals, as QR codes hold it
        "public.result_capital",
        "receipts.page_capital",
        # a PDF's page as the demonstration shows it: `public.verify_files` is the same template
        "tour.verify",
        # the document itself in the frame of `office.preview`, which axe-core looks into
        "office.paper",
    }
)


@dataclass(frozen=True)
class Visit:
    """One page: its name, the endpoint it stands for, where it is, what to do there, who sees it."""

    name: str
    endpoint: str
    path: Path
    step: Step | None = None
    role: Role | None = None
    holder: int | None = None


def at(path: str) -> Path:
    """A fixed address."""
    return lambda _world: path


def work(name: str, more: str = "") -> Path:
    """A page of one batch."""
    return lambda world: f"/office/batches/{world.works[name]}{more}"


def matter(name: str) -> Path:
    """The page of one case."""
    return lambda world: f"/office/cases/{world.cases[name]}"


def result(state: str) -> Path:
    """The result page of a certificate in that state."""
    return lambda world: f"/v/{world.holder(state).certificate.code}"


def _bulk(page: Page, world: World) -> None:
    rows = [f"{one.certificate.number}\t{one.name}\t{one.certificate.code}" for one in world.holders[:4]]
    page.fill("#rows", "\n".join([*rows, "NM20251500205P00012X\t无此人\t0000"]))
    page.click("main form button[type=submit]")
    page.wait_for_selector("tbody tr")


def _files(changed: bool, count: int) -> Step:
    def send(page: Page, world: World) -> None:
        sent = []
        for index, one in enumerate(world.holders[:count]):
            data = world.file(one)
            data = data.replace(b"/Producer", b"/Producex") if changed else data
            sent.append({"name": f"证书{index}.pdf", "mimeType": "application/pdf", "buffer": data})
        page.set_input_files("#file", sent)  # type: ignore[arg-type]
        page.click("#file-send")
        page.wait_for_selector(".verdict, table.rows")

    return send


def _no_pdf(page: Page, _world: World) -> None:
    page.set_input_files("#file", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"x"})
    page.click("#file-send")
    page.wait_for_selector(".verdict")


def _query(known: bool) -> Step:
    def send(page: Page, world: World) -> None:
        one = world.holders[0]
        page.fill("#name", one.name if known else "无此人")
        page.fill("#id_number", one.id_number)
        page.click("form[action='/query'] button[type=submit]")
        page.wait_for_selector("dl.facts" if known else ".verdict")

    return send


def _progress(known: bool) -> Step:
    def send(page: Page, world: World) -> None:
        page.fill("#application", world.application if known else "LT2025999999")
        page.fill("#id_number", world.holders[0].id_number)
        page.click("main form button[type=submit]")
        page.wait_for_selector(".reached" if known else ".notice.bad")

    return send


def _tell(page: Page, _world: World) -> None:
    page.click("details.who summary")
    page.fill("input[name=organisation]", "某某中学")
    page.click("form[action$='/inquiry'] button[type=submit]")
    page.wait_for_selector("main section.verdict.good")


def _refused_sign_in(page: Page, _world: World) -> None:
    page.fill("#name", "无此人")
    page.fill("#password, #id_number", "abcd-1234")
    if page.locator("#pickup").count():
        page.fill("#pickup", "ABCDEFGHIJKL")
    page.click("main form button[type=submit]")
    page.wait_for_selector(".notice.bad")


def _search(wanted: Callable[[World], str]) -> Step:
    def send(page: Page, world: World) -> None:
        page.fill("#wanted", wanted(world))
        page.click("main section form button")
        page.wait_for_selector("main section >> nth=1")

    return send


def _open_all(page: Page, _world: World) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")


def _bad_copy(page: Page, _world: World) -> None:
    page.fill("#purpose", "聘用")
    page.evaluate("document.querySelector('#expires_on').removeAttribute('max')")
    page.fill("#expires_on", "2099-01-01")
    page.click("form[action$='/copies'] button")
    page.wait_for_selector(".notice.bad")


def _wrong_password(page: Page, _world: World) -> None:
    for one in ("old", "new"):
        page.fill(f"#{one}", "abc-wrong-99999")
    page.fill("#again", "abc-other-99999")
    page.click("main form >> button[type=submit] >> nth=-1")
    page.wait_for_selector(".notice.bad")


def _confirm_wrongly(page: Page, _world: World) -> None:
    page.fill("#confirm", "X")
    page.click("form[action$='/issue'] button")
    page.wait_for_selector(".verdict")


PUBLIC = (
    Visit("home", "public.home", at("/"), _open_all),
    Visit("about", "public.about", at("/about")),
    Visit("readers", "trust.readers", at("/readers")),
    Visit("regions", "recognition.regions", at("/regions")),
    Visit("bulk", "bulk.form", at("/bulk"), _open_all),
    Visit("bulk-result", "bulk.check", at("/bulk"), _bulk),
    Visit("bulk-empty", "bulk.form", at("/bulk"), None),
    Visit("result-valid", "public.result", result("valid"), _open_all),
    Visit("result-suspended", "public.result", result("suspended")),
    Visit("result-revoked", "public.result", result("revoked")),
    Visit("result-superseded", "public.result", result("superseded")),
    Visit("result-unknown", "public.result", at("/v/" + "A" * 26)),
    Visit("result-told", "public.tell_holder", result("valid"), _tell),
    Visit("file-genuine", "public.verify_files", at("/"), _files(False, 1)),
    Visit("file-changed", "public.verify_files", at("/"), _files(True, 1)),
    Visit("file-unreadable", "public.verify_files", at("/"), _no_pdf),
    Visit("files", "public.verify_files", at("/"), _files(False, 4)),
    Visit("query", "public.query", at("/"), _query(known=True)),
    Visit("query-nothing", "public.query", at("/"), _query(known=False)),
    Visit("progress", "progress.ask", at("/progress")),
    Visit("progress-found", "progress.answer", at("/progress"), _progress(known=True)),
    Visit("progress-nothing", "progress.answer", at("/progress"), _progress(known=False)),
    Visit("code-unknown", "public.open_code", at("/open?code=x")),
    Visit("receipt", "receipts.page", lambda world: f"/r/{world.receipt}"),
    Visit("nothing", "", at("/nothing")),
    Visit("demo", "tour.index", at("/demo")),
    Visit("api", "openapi.openapi", at("/openapi/")),
    Visit("holder-login", "holder.login", at("/holder/login")),
    Visit("holder-login-ended", "holder.login", at("/holder/login?ended=1")),
    Visit("holder-login-refused", "holder.login_send", at("/holder/login"), _refused_sign_in),
    Visit("office-login", "office.login", at("/office/login")),
    Visit("office-login-refused", "office.login_send", at("/office/login"), _refused_sign_in),
)
HOLDER = tuple(
    Visit(f"holder-{name}", f"holder.{endpoint}", at(f"/holder/{path}"), step, holder=holder)
    for name, endpoint, path, step, holder in (
        ("overview", "overview", "", None, 0),
        ("certificate", "certificate", "certificates/1", None, 0),
        ("copy-refused", "make_copy", "certificates/1", _bad_copy, 0),
        ("inquiries", "inquiries", "inquiries", None, 0),
        ("missing", "certificate", "certificates/9", None, 0),
        ("suspended", "certificate", "certificates/1", None, 1),
        ("revoked", "certificate", "certificates/1", None, 2),
        ("plain", "certificate", "certificates/1", None, 4),
        ("inquiries-none", "inquiries", "inquiries", None, 4),
    )
)
OFFICE = tuple(
    Visit(f"office-{name}", f"office.{endpoint}", path, step, role=role)
    for role, rows in {
        Role.OPERATOR: (
            ("overview", "overview", at("/office/"), None),
            ("batches", "batches", at("/office/batches"), None),
            ("batches-discarded", "batches", at("/office/batches?stage=discarded"), None),
            ("upload", "upload_form", at("/office/batches/new"), None),
            ("batch-bad", "batch", work("bad"), _open_all),
            ("findings", "findings", work("bad", "/findings"), _open_all),
            ("findings-none", "findings", work("bad", "/findings?clause=x"), None),
            ("findings-good", "findings", work("published", "/findings"), None),
            ("batch-busy", "batch", work("checked"), None),
            ("batch-failed", "batch", work("failed"), None),
            ("batch-generated", "batch", work("generated"), _open_all),
            ("batch-submitted", "batch", work("submitted"), None),
            ("batch-published", "batch", work("published"), None),
            ("preview", "preview", work("published", "/preview?document=A102&subject=1"), None),
            ("certificate-preview", "certificate_preview", work("published", "/certificate"), None),
            ("files", "files", work("published", "/files"), _open_all),
            ("files-none", "files", work("checked", "/files"), None),
            ("job-running", "job", lambda world: f"/office/jobs/{world.jobs['checked']}", None),
            ("job-failed", "job", lambda world: f"/office/jobs/{world.jobs['failed']}", None),
            ("search", "search_page", at("/office/search"), None),
            (
                "search-found",
                "search_page",
                at("/office/search"),
                _search(lambda world: world.holders[0].name),
            ),
            ("search-batch", "search_page", at("/office/search"), _search(lambda _: "PC2025-T31")),
            ("search-nothing", "search_page", at("/office/search"), _search(lambda _: "X")),
            ("cases", "cases", at("/office/cases"), _open_all),
            ("case-reconfirm", "case", matter("reconfirm"), None),
            ("figures", "figures", at("/office/figures"), None),
            ("keys", "keys", at("/office/keys"), None),
            ("account", "own_account", at("/office/account"), None),
            ("password", "password", at("/office/account/password"), None),
            ("password-differs", "password", at("/office/account/password"), _wrong_password),
            ("code", "code", at("/office/account/code"), None),
            ("refused", "audit", at("/office/audit"), None),
        ),
        Role.REVIEWER: (
            ("overview-reviewer", "overview", at("/office/"), None),
            ("batch-review", "batch", work("submitted"), _open_all),
            ("case-reviewed", "case", matter("reviewed"), None),
            ("case-decided", "case", matter("decided"), None),
        ),
        Role.ISSUER: (
            ("overview-issuer", "overview", at("/office/"), None),
            ("batch-issue", "batch", work("approved"), None),
            ("batch-list", "batch", work("published"), None),
            ("issue-unconfirmed", "issue", work("approved"), _confirm_wrongly),
            (
                "certificate",
                "certificate",
                lambda world: f"/office/certificates/{world.holders[0].certificate.number}",
                _open_all,
            ),
            (
                "certificate-superseded",
                "certificate",
                lambda world: f"/office/certificates/{world.holder('superseded').certificate.number}",
                None,
            ),
            ("case-mismatch", "case", matter("mismatch"), None),
        ),
        Role.AUDITOR: (
            ("overview-auditor", "overview", at("/office/"), None),
            ("audit", "audit", at("/office/audit"), None),
            ("audit-none", "audit", at("/office/audit?account=999"), None),
        ),
        Role.ADMIN: (
            ("overview-admin", "overview", at("/office/"), None),
            ("settings", "settings", at("/office/settings"), None),
            ("accounts", "accounts", at("/office/accounts"), None),
            ("policy", "policy", at("/office/policy"), None),
            ("log", "log_head", at("/office/log"), None),
        ),
    }.items()
    for name, endpoint, path, step in rows
)
BARE = tuple(
    Visit(f"empty-{name}", f"office.{endpoint}", at(f"/office/{path}"), role=role)
    for role, rows in {
        Role.OPERATOR: (
            ("overview", "overview", ""),
            ("batches", "batches", "batches"),
            ("batches-published", "batches", "batches?stage=published"),
            ("cases", "cases", "cases"),
            ("figures", "figures", "figures"),
        ),
        Role.REVIEWER: (("reviewer", "overview", ""), ("batches-reviewer", "batches", "batches")),
        Role.ISSUER: (("issuer", "overview", ""),),
        Role.AUDITOR: (("auditor", "overview", ""), ("audit", "audit", "audit")),
    }.items()
    for name, endpoint, path in rows
)
EVERYWHERE = (*PUBLIC, *HOLDER, *OFFICE)
