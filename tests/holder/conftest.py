"""A home with issued certificates of a few people, one of them with a rare character, and the site over it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from holder_helpers import ACTOR, GENEROUS, RARE_NAME, Holder, House
from waitress.server import create_server

from core.settings import Home
from records.sample import sample_batch
from registry.issuing.run import issue
from registry.register import Register
from web.app import create_app


@pytest.fixture(scope="session")
def core(tmp_path_factory: pytest.TempPathFactory) -> House:
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
def app(core: House) -> Flask:
    return create_app(core.home, settings=GENEROUS)


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
