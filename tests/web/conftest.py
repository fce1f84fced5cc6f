"""A home with issued certificates of three kinds, and one of each state."""

from __future__ import annotations

import pytest
from flask import Flask
from web_helpers import ACTOR, PEOPLE, Issued

from core.settings import Home
from records.sample import sample_batch
from registry.issuing.run import issue
from registry.register import Register
from web.app import create_app
from web.settings import WebSettings

GENEROUS = WebSettings(
    rate_query="10000 per minute", rate_upload="10000 per minute", rate_result="10000 per minute"
)


@pytest.fixture(scope="session")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Issued:
    """A register with the passed people of a small sample batch."""
    folder = tmp_path_factory.mktemp("issued")
    home = Home(folder / "home")
    batch = sample_batch(PEOPLE, 7)
    with Register.open(home) as register:
        issue(register, batch, folder / "out", actor=ACTOR)
        found = [
            register.lookup.query(one.person.name or "", one.person.identity_number or "")[0]
            for one in batch.passed
        ]
    return Issued(home, tuple(found), folder / "out" / "certificates")


@pytest.fixture(scope="session")
def app(issued: Issued) -> Flask:
    """The site over that register, without tight rate limits."""
    return create_app(issued.home, settings=GENEROUS)
