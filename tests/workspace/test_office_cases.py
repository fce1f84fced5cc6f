"""Matters of recognition in the workspace: what waits, experts, the decision by somebody else, evidence at hand."""

from __future__ import annotations

import pytest
from office_helpers import Office, post

from registry.accounts.model import Role
from registry.log.events import Actor
from registry.recognition import RecognitionAnswer, Usable
from registry.recognition.answer import QueryResult, Reason
from registry.recognition.cases.model import Applicant, CaseKind, CaseState
from registry.recognition.cases.store import find_case, list_cases, open_case
from registry.register import Register

FORM = {
    "name": "敖登",
    "id_number": "150101199001010000",
    "region": "990000",
    "number": "ZC2019001234",
    "level": "副高级",
    "title": "高级工程师",
    "note": "仅有纸质证书",
}
EXPERTS = {
    "expert": ["甲专家", "乙专家", "丙专家", "", ""],
    "title": ["正高级工程师"] * 5,
    "agrees": ["yes", "yes", "no", "yes", "yes"],
    "remark": [""] * 5,
}
DECISION = {"decision": "confirm", "document": "内人社发〔2026〕9号", "opinion": "材料齐全"}


@pytest.fixture(scope="module")
def opened(office: Office) -> int:
    """The application, registered by the operator."""
    response = post(office.client(Role.OPERATOR), "/office/cases", "/office/cases", **FORM)
    assert response.status_code == 303, response.text
    number = int(str(response.headers["Location"]).split("?")[0].rsplit("/", 1)[-1])
    with Register.open(office.home) as register:
        [case] = [one for one in list_cases(register, only_open=True) if one.id == number]
    assert (case.kind, case.reason) == (CaseKind.RECONFIRM, "region_unknown")
    return case.id


def test_from_application_to_decision(office: Office, opened: int) -> None:
    """Three experts, then somebody else; names of experts and the ID number are never shown."""
    page = f"/office/cases/{opened}"
    operator, reviewer = office.client(Role.OPERATOR), office.client(Role.REVIEWER)
    assert "组织不少于 3 名专家评议" in reviewer.get("/office/cases").text
    assert "作出决定</h2>" not in reviewer.get(page).text
    few = post(operator, page, f"{page}/review", **{**EXPERTS, "expert": ["甲专家", "乙专家", "", "", ""]})
    assert few.status_code == 422
    assert post(operator, page, f"{page}/review", **EXPERTS).status_code == 303
    assert post(reviewer, page, f"{page}/decide", **{**DECISION, "decision": ""}).status_code == 422
    assert post(reviewer, page, f"{page}/decide", **DECISION).status_code == 303
    with Register.open(office.home) as register:
        found = find_case(register, opened)
    assert (found.state, found.decided_by) == (CaseState.CONFIRMED, "李复")
    shown = reviewer.get(page).text
    for text in (
        "发证地区不在互认名单上",
        "原职称证书",
        found.evidence,
        "李复",
        "内人社发〔2026〕9号",
        "同意 2 名",
        "登记专家意见",
    ):
        assert text in shown
    for text in (FORM["id_number"], "甲专家"):
        assert text not in shown


def test_paper_of_an_office_without_a_region(office: Office) -> None:
    """The operator leaves the region's code empty and names the office; neither of them is refused with the field's name."""
    operator = office.client(Role.OPERATOR)
    form = {**FORM, "region": "", "number": "省职改〔1998〕12号", "id_number": "150101199001010001"}
    missing = post(operator, "/office/cases", "/office/cases", **form)
    assert missing.status_code == 422
    assert "原发证地区代码" in missing.text
    done = post(operator, "/office/cases", "/office/cases", **form, office="示例省人事厅")
    assert done.status_code == 303
    shown = operator.get(done.headers["Location"]).text
    assert "示例省人事厅的证书只有纸质" in shown
    with Register.open(office.home) as register:
        assert list_cases(register)[0].applicant.office == "示例省人事厅"


def test_only_the_right_people_may(office: Office, opened: int) -> None:
    """The operator does not decide, the reviewer does not note opinions, auditors do not come in."""
    page = f"/office/cases/{opened}"
    assert office.client(Role.AUDITOR).get("/office/cases").status_code == 403
    assert post(office.client(Role.OPERATOR), page, f"{page}/decide", **DECISION).status_code == 403
    assert post(office.client(Role.REVIEWER), page, f"{page}/review", **EXPERTS).status_code == 403
    assert office.client(Role.ISSUER).get("/office/cases/999").status_code == 422


def test_a_mismatch_is_decided_without_experts(office: Office) -> None:
    """A person settles it, with document and reason."""
    answer = RecognitionAnswer(Usable.UNDECIDED, QueryResult.MISMATCH, reason=Reason.MISMATCH)
    with Register.open(office.home) as register:
        person = Applicant("王五", "", "900002", "ZZ20260001", "中级")
        case = open_case(register, CaseKind.MISMATCH, person, Actor("site", "site", ""), answer)
    page = f"/office/cases/{case.id}"
    issuer = office.client(Role.ISSUER)
    assert "认可该证书" in issuer.get(page).text
    assert post(issuer, page, f"{page}/decide", **{**DECISION, "decision": "refuse"}).status_code == 303
    with Register.open(office.home) as register:
        assert find_case(register, case.id).state is CaseState.REFUSED
