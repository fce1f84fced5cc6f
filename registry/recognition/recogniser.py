"""Gathers the facts about another region's certificate and has them decided; keeps what the decision stood on.

Online question first; without an answer the credential plus the last status list within its validity, saying so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from registry.clock import now, stamp
from registry.identifiers import normal_code, normal_number
from registry.model import Certificate, State
from registry.recognition.answer import RecognitionAnswer
from registry.recognition.asking import Answer, Asker
from registry.recognition.errors import AnswerMissing, AnswerNotBelieved, QueryUnavailable
from registry.recognition.evidence import Evidence
from registry.recognition.foreign import certificate_of, differences, facts_of, value_at
from registry.recognition.members import Members
from registry.recognition.queries import TitleQuery, TitleQuestion, best_match, query_of
from registry.recognition.rules import Findings, Heard, ServiceFindings, Standing, decide_foreign
from registry.recognition.settings import RecognitionSettings
from registry.recognition.statuses import StatusStore

if TYPE_CHECKING:
    from core.settings import Home
    from signing.trustlist import Listed, TrustList


@dataclass(frozen=True)
class Recognised:
    """The answer and what was found: region (name), certificate (None: nothing is known), how the state was learnt.

    `code` is the code of the region that was decided about, on the list or not.
    """

    answer: RecognitionAnswer
    region: str = ""
    certificate: Certificate | None = None
    standing: Standing | None = None
    code: str = ""
    registered: bool | None = None
    """Whether the issuing region knows the presented file's hash; None when it could not be asked."""


@dataclass(frozen=True)
class Claim:
    """What was presented. `expected` are typed values (name, number) that must agree with what is found."""

    code: str | None = None
    token: str | None = None
    number: str | None = None
    name: str | None = None
    id_number: str | None = None
    sha256: str = ""
    level: str | None = None
    expected: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Recogniser:
    """Decides on certificates of other regions for one home; safe between threads."""

    home: "Home"

    @cached_property
    def settings(self) -> RecognitionSettings:
        """The section `[recognition]`."""
        return self.home.section("recognition", RecognitionSettings)

    @cached_property
    def members(self) -> Members:
        """The accepted regions."""
        return Members(self.home)

    @cached_property
    def statuses(self) -> StatusStore:
        """Kept status lists."""
        return StatusStore(self.members.folder / "status")

    @cached_property
    def asker(self) -> Asker:
        """Asks other regions."""
        return Asker.over_http(self.settings)

    @cached_property
    def query(self) -> TitleQuery:
        """The query service for certificates that no accepted region answers for."""
        return query_of(self.settings.query, self.home.root)

    def recognise(self, region: str, claim: Claim, at: datetime | None = None) -> Recognised:
        """Decide on a certificate of a region by what was presented of it.

        Raises:
            TrustListRefused: the kept list of regions was tampered with.
        """
        evidence = Evidence(at or now())
        listing = self.members.current()
        member = listing.member(region) if listing else None
        findings = Findings(member=member, level=claim.level)
        token, payload = claim.token, None
        if listing is not None:
            evidence.add("trust_list", at=listing.issued_at, sequence=listing.sequence, digest=listing.digest)
            findings = replace(findings, list_expired=_expired(listing, evidence.at))
        if member is not None and findings.list_expired is None:
            findings, token, payload = self._gather(member, claim, findings, evidence)
        if member is None or findings.not_found:
            said = self._queried(claim, evidence)
            different = ("number",) if said and said.heard is Heard.DIFFERENT else findings.differences
            findings = replace(findings, service=said, differences=different)
        return replace(self._done(findings, claim, (token, payload), evidence), code=region)

    def on_paper(self, office: str, level: str) -> Recognised:
        """A certificate that exists on paper only: nobody is asked, experts re-confirm it (细则第五十七条第二款)."""
        evidence = Evidence(now())
        evidence.add("paper", office=office)
        return self._done(Findings(paper=office, level=level), Claim(), (None, None), evidence)

    def refuse_tampered(self, region: str, sha256: str) -> Recognised:
        """A changed file of an accepted region."""
        listing = self.members.current()
        member = listing.member(region) if listing else None
        evidence = Evidence(now())
        evidence.add("file", sha256=sha256)
        done = self._done(Findings(member=member, tampered=True), Claim(), (None, None), evidence)
        return replace(done, code=region)

    def outdated_keys(self, region: str, sha256: str) -> Recognised:
        """A sound file whose credential is signed with a key that the list does not name."""
        listing = self.members.current()
        member = listing.member(region) if listing else None
        evidence = Evidence(now())
        evidence.add("file", sha256=sha256)
        done = self._done(Findings(member=member, keys_outdated=True), Claim(), (None, None), evidence)
        return replace(done, code=region)

    def _gather(
        self, member: "Listed", claim: Claim, findings: Findings, evidence: Evidence
    ) -> tuple[Findings, str | None, Mapping[str, Any] | None]:
        payload: Mapping[str, Any] | None = None
        if claim.token is not None:
            payload, findings = _presented(member, claim.token, findings, evidence)
            if payload is None:
                return findings, claim.token, None
        answer = self._ask(member, claim, payload, evidence)
        if answer is None:
            differ = _compare(None, payload, claim) if payload is not None else ()
            findings = replace(findings, standing=self._listed(member, payload, evidence), differences=differ)
            return _with_facts(findings, payload), claim.token, payload
        if answer.state is None:
            gone = ("found",) if payload is not None else ()
            return replace(findings, not_found=True, differences=gone), claim.token, payload
        found = _verified_payload(member, answer.credential)
        if found is None:
            return replace(findings, keys_outdated=True), answer.credential, None
        standing = Standing(answer.state, answer.successor)
        findings = replace(findings, standing=standing, differences=_compare(payload, found, claim))
        if claim.sha256:
            findings = replace(findings, registered=answer.registered, tampered=answer.registered is False)
        return _with_facts(findings, found), answer.credential, found

    def _ask(
        self, member: "Listed", claim: Claim, payload: Mapping[str, Any] | None, evidence: Evidence
    ) -> Answer | None:
        wanted: dict[str, str | None] = {"code": claim.code or _code_of(payload)}
        wanted["sha256"] = claim.sha256 or None
        if wanted["code"] is None:
            wanted = {**wanted, "number": claim.number, "name": claim.name, "id_number": claim.id_number}
        try:
            answer = self.asker.ask(member, evidence.at, **wanted)
        except AnswerMissing as error:
            evidence.add("no_answer", region=member.code, reason=error.data["reason"])
            return None
        except AnswerNotBelieved as error:
            evidence.add("answer_refused", region=member.code, reason=error.data["reason"])
            return None
        evidence.add("answer", token=answer.token, at=answer.at, region=member.code)
        return answer

    def _queried(self, claim: Claim, evidence: Evidence) -> ServiceFindings | None:
        """What the connected query service says; None when there is none or too little to ask it with."""
        if not (claim.name and claim.id_number):
            return None
        question = TitleQuestion(claim.name, claim.id_number, claim.number or "")
        try:
            records = self.query.ask(question)
        except QueryUnavailable as error:
            evidence.add("query_unavailable", service=self.query.name, reason=error.data["reason"])
            return ServiceFindings(self.query.name, Heard.UNAVAILABLE)
        if records is None:
            return None
        record = best_match(records, question)
        heard = Heard.NOT_FOUND if not records else Heard.DIFFERENT if record is None else Heard.FOUND
        if record is not None and record.name != claim.name:
            heard = Heard.DIFFERENT
        evidence.add("query", service=self.query.name, found=len(records), heard=str(heard))
        return ServiceFindings(self.query.name, heard, record)

    def _listed(
        self, member: "Listed", payload: Mapping[str, Any] | None, evidence: Evidence
    ) -> Standing | None:
        listed = self.statuses.state(member, payload, evidence.at) if payload else None
        if listed is None:
            return None
        evidence.add("status_list", token=listed.token, at=listed.made_at, region=member.code)
        return Standing(listed.state, listed_at=listed.made_at)

    def _done(
        self,
        findings: Findings,
        claim: Claim,
        credential: tuple[str | None, Mapping[str, Any] | None],
        evidence: Evidence,
    ) -> Recognised:
        answer = replace(decide_foreign(findings), evidence=tuple(evidence.summary))
        answer = replace(answer, record=evidence.keep(self.home.root, answer.as_dict()))
        token, payload = credential
        certificate = None
        if payload is not None and findings.facts is not None and token is not None:
            state = findings.standing.state if findings.standing else State.VALID
            successor = findings.standing.successor if findings.standing else ""
            certificate = certificate_of(payload, findings.facts, state, successor, token, claim.sha256)
        region = findings.member.entry.facts.name if findings.member else ""
        return Recognised(answer, region, certificate, findings.standing, registered=findings.registered)


def _expired(listing: "TrustList", at: datetime) -> str | None:
    return stamp(listing.valid_until) if at > listing.valid_until else None


def _presented(
    member: "Listed", token: str, findings: Findings, evidence: Evidence
) -> tuple[Mapping[str, Any] | None, Findings]:
    """The payload of a presented credential, or why it does not count."""
    from signing.credential.token import verify
    from signing.errors import TokenInvalid, TokenKeyNotValid, TokenKeyUnknown

    keyset = member.entry.facts.trust.keyset
    evidence.add("credential", token=token)
    try:
        if keyset is None:
            return None, replace(findings, keys_outdated=True)
        payload = verify(token, keyset, at=evidence.at).payload
    except (TokenKeyUnknown, TokenKeyNotValid):
        return None, replace(findings, keys_outdated=True)
    except TokenInvalid:
        return None, replace(findings, tampered=True)
    if payload.get("iss") != member.code:
        return None, replace(findings, tampered=True)
    return payload, findings


def _verified_payload(member: "Listed", token: str) -> Mapping[str, Any] | None:
    from signing.credential.token import verify
    from signing.errors import TokenInvalid

    keyset = member.entry.facts.trust.keyset
    try:
        payload = verify(token, keyset).payload if keyset else None
    except TokenInvalid:
        return None
    return payload if payload and payload.get("iss") == member.code else None


def _with_facts(findings: Findings, payload: Mapping[str, Any] | None) -> Findings:
    return replace(findings, facts=facts_of(payload) if payload else None)


def _compare(presented: Mapping[str, Any] | None, found: Mapping[str, Any], claim: Claim) -> tuple[str, ...]:
    """Fields in which what was presented or typed differs from what the issuer holds."""
    differ = differences(presented, found) if presented else ()
    code = (normal_code(claim.code), _code_of(found)) if claim.code else ("", "")
    number = (normal_number(claim.expected.get("number", "")), normal_number(str(found.get("number", ""))))
    name = (claim.expected.get("name", "").strip(), str(value_at(found, ("holder", "name")) or ""))
    typed = {"code": code, "number": number, "name": name}
    more = tuple(one for one, (said, held) in typed.items() if said and said != held)
    return tuple(dict.fromkeys((*differ, *more)))


def _code_of(payload: Mapping[str, Any] | None) -> str | None:
    code = payload.get("code") if payload else None
    return code if isinstance(code, str) else None
