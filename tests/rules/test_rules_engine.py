"""The engine: one pass over the people, the same result streamed, linear time."""

import time
from collections.abc import Iterator

import pytest
from rules_examples import base
from rules_examples_facts import FIRST
from rules_examples_people import EXAMPLES

from records.batch.model import Application, Batch
from records.regulation.rules import check, check_people, rule
from records.sample import sample_batch
from records.sample.plans import Kind

OF_DUPLICATES = ("B-E04", "B-X05")  # a stream forgets who passed by


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.rule)
def test_people_who_pass_by_one_at_a_time_are_checked_alike(example):
    """`check_people` over a stream says what `check` says of the whole batch."""
    batch = example.breaking
    head = batch.model_copy(update={"applications": ()})
    whole = [item for item in check(batch) if item.rule not in OF_DUPLICATES]
    assert list(check_people(head, iter(batch.applications))) == whole


def crowd(batch: Batch, people: int) -> Iterator[Application]:
    for index in range(people):
        yield batch.applications[index % len(batch.applications)].model_copy(
            update={"number": f"{index:06d}"}
        )


def test_time_is_linear_in_the_people():
    """Eight times the people take about eight times as long (measured on lawful batches, best of three)."""
    batch = sample_batch(500, 11, kind=Kind.GREEN)
    head = batch.model_copy(update={"applications": (), "complaints": ()})  # the crowd has other numbers

    def seconds(people: int) -> float:
        best = float("inf")
        for _ in range(3):
            applications = list(crowd(batch, people))
            begun = time.process_time()
            assert not [item for item in check_people(head, applications) if item.blocks]
            best = min(best, time.process_time() - begun)
        return best

    assert seconds(4000) < 20 * seconds(500)


def test_only_the_given_rules_are_applied():
    """`rules` narrows the run."""
    batch = base(Kind.GREEN).model_copy(
        update={"applications": (FIRST, FIRST.model_copy(update={"number": "2"}))}
    )
    assert check(batch, [rule("B-T04")]) == ()


def test_findings_come_in_the_order_of_the_workbook():
    """批次 first, then the people by row."""
    example = next(example for example in EXAMPLES if example.rule == "B-E04")
    rows = [(item.sheet, item.row or 0) for item in check(example.breaking)]
    order = ("批次", "申报人员", "评委")
    assert rows == sorted(rows, key=lambda place: (order.index(place[0]), place[1]))
