"""Who asks: an organisation that says so is seen by the holder; nobody else leaves a trace."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from web_helpers import ACTOR, Issued

from records.sample import sample_batch
from registry.accounts.keys import Scope, create
from registry.privacy.inquiries import Channel, Inquiry, inquiries_of
from registry.register import Register

WHO = {"organisation": "某某医院\r\n", "purpose": " 聘用 审核 "}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def seen(issued: Issued) -> tuple[Inquiry, ...]:
    with Register.open(issued.home) as register:
        return inquiries_of(register, issued.certificates[5])


def test_every_way_of_asking_is_seen_when_the_inquirer_says_who_he_is(
    client: FlaskClient, issued: Issued
) -> None:
    """By code, query, file and table; without the two words nothing is recorded, with them only organisation and aim."""
    certificate = issued.certificates[5]
    person = sample_batch(12, 7).passed[5].person
    query = {"name": person.name, "id_number": person.identity_number}
    table = {"rows": f"{certificate.number} {certificate.facts.name} {certificate.code}"}

    def ask(extra: dict[str, str]) -> list[int]:
        file = {"file": (io.BytesIO(issued.pdf(certificate)), "a.pdf")}
        answers = (
            client.post(f"/v/{certificate.code}/inquiry", data=extra),
            client.post("/query", data={**query, **extra}),
            client.post("/verify", data={**file, **extra}),
            client.post("/bulk", data={**table, **extra}),
        )
        return [one.status_code for one in answers]

    before = len(seen(issued))
    assert ask({}) == [422, 200, 200, 200]
    assert len(seen(issued)) == before
    assert ask(WHO) == [200, 200, 200, 200]
    made = seen(issued)[: len(seen(issued)) - before]
    assert {one.channel for one in made} == {Channel.CODE, Channel.QUERY, Channel.FILE, Channel.BULK}
    assert {(one.organisation, one.purpose) for one in made} == {("某某医院", "聘用 审核")}
    assert not any(one.channel.proved for one in made)


def test_a_key_says_who_asks_without_a_word(client: FlaskClient, issued: Issued) -> None:
    """The organisation of the key is what the holder reads, whatever the body claims."""
    with Register.open(issued.home) as register:
        _, secret = create(register, "某某大学", frozenset(Scope), ACTOR)
    headers = {"Authorization": f"Bearer {secret}"}
    certificate = issued.certificates[5]
    before = len(seen(issued))
    rows = {"rows": [{"number": certificate.number, "name": certificate.facts.name}]}
    assert client.get(f"/api/v1/certificates/{certificate.code}", headers=headers).status_code == 200
    assert client.post("/api/v1/bulk-checks", json=rows, headers=headers).status_code == 200
    assert client.get(f"/api/v1/certificates/{certificate.code}").status_code == 200
    made = seen(issued)[: len(seen(issued)) - before]
    assert [one.organisation for one in made] == ["某某大学"] * 2
    assert all("密钥" in one.purpose for one in made)
    assert {one.channel for one in made} == {Channel.KEY}
    assert all(one.channel.proved for one in made)


def test_a_look_up_that_finds_nothing_records_nothing(client: FlaskClient, issued: Issued) -> None:
    """The answer is the uniform one."""
    before = len(seen(issued))
    asked = {"name": issued.certificates[5].facts.name, "id_number": "150101199001010000", **WHO}
    assert client.post("/query", data=asked).status_code == 404
    assert client.post("/v/" + "A" * 26 + "/inquiry", data=WHO).status_code == 404
    assert len(seen(issued)) == before
