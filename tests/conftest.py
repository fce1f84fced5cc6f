"""What all tests share: property tests draw the same examples in every run, so that a run can be repeated."""

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")
