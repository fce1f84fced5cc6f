"""The page about policy files names every setting and its example works."""

import tomllib
from pathlib import Path

from records.regulation.policy import Policy, When

PAGE = (Path(__file__).parents[2] / "docs" / "policy.md").read_text("utf-8")
INTERNAL = {"recommendation", "covid_until", "documents", "severity"}


def test_the_page_names_every_setting():
    """A setting that is missing from the page fails here."""
    assert {name for name in Policy.model_fields if name not in PAGE} <= INTERNAL
    assert all(name in PAGE for name in When.model_fields)


def test_the_example_layer_is_accepted():
    """What the page shows can be copied."""
    layer = tomllib.loads(PAGE.split("```toml")[1].split("```")[0])
    when = When.model_validate(layer.pop("applies"))
    assert when.region == "150200"
    assert Policy.model_validate(layer).quota.full_senior_teachers == 30
