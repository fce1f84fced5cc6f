"""A home with issued certificates of a few people, one of them with a rare character, and the site over it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from waitress.server import create_server

from house.settings import Home
from records.sample import sample_batch
from registry.events import Actor
from registry.issuing import issue
from registry.model import Certificate
from registry.register import Register
from web.app import create_app
from web.settings import WebSettings

RARE_NAME = "王𬱖"
ACTOR = Actor("测试员", channel="test")
GENEROUS = WebSettings(
    rate_query="10000 per minute", rate_upload="10000 per minute", rate_result="10000 per minute"
)


@dataclass(frozen=True)
class Holder:
    """One person: what he types to sign in, and his certificate."""

    name: str
    id_number: str
    pickup: str
    certificate: Certificate
    pdf: bytes

    @property
    def form(self) -> dict[str, str]:
        """The sign-in form."""
        return {"name": self.name, "id_number": self.id_number, "pickup": self.pickup}


@dataclass(frozen=True)
class House:
    """The home folder and its people; the first has a rare character in the name."""

    home: Home
    holders: tuple[Holder, ...]


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    folder = tmp_path_factory.mktemp("holders")
    home = Home(folder / "home")
    batch = sample_batch(14, 11)
    first = batch.passed[0]
    people = [
        one.model_copy(update={"person": one.person.model_copy(update={"name": RARE_NAME})})
        if one is first
        else one
        for one in batch.applications
    ]
    batch = batch.model_copy(update={"applications": tuple(people)})
    with Register.open(home) as register:
        issue(register, batch, folder / "out", actor=ACTOR)
        holders = []
        for one in batch.passed:
            name, number = one.person.name or "", one.person.identity_number or ""
            found = register.lookup.query(name, number)[0]
            pickup = register.vault.pickup_code(found.code, found.pickup_epoch)
            holders.append(Holder(name, number, pickup, found, register.storage.get(found.sha256)))
    return House(home, tuple(holders))


@pytest.fixture(scope="session")
def app(house: House) -> Flask:
    return create_app(house.home, settings=GENEROUS)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def address(app: Flask) -> Iterator[str]:
    """The site as it is served: by waitress, with a fixed number of threads."""
    server = create_server(app, host="127.0.0.1", port=0, threads=6)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=20)
