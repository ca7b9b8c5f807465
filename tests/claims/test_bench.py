"""A reader's own test: controls from the record, a state that round-trips, an answer that follows it."""

from __future__ import annotations

import pytest

from dashboard.app import create_app
from dashboard.claims import bench, essay, evaluate
from dashboard.claims.find import find
from dashboard.dataset import Dataset


@pytest.fixture(scope="module")
def offered(dataset: Dataset) -> dict[str, list[bench.Control]]:
    """Return every claim's controls."""
    return {i: bench.controls(c, dataset) for i, c in essay(dataset).claims.items()}


def test_what_is_tested_can_be_tested_otherwise(
    dataset: Dataset, offered: dict[str, list[bench.Control]]
) -> None:
    for claim_id, verdict in evaluate(dataset).items():
        answered = verdict.claim.testable and bool(verdict.finding.rows)
        assert bool(offered[claim_id]) == answered, claim_id


def test_nothing_changed_is_the_published_test(
    dataset: Dataset, offered: dict[str, list[bench.Control]]
) -> None:
    for claim_id, known in offered.items():
        claim = essay(dataset).claims[claim_id]
        everything = {c.name: list(c.default) for c in known}
        assert bench.parse(known, everything) == {}, claim_id
        assert bench.parts_of(claim, known, {}) == claim.parts


def test_every_state_has_one_address(offered: dict[str, list[bench.Control]]) -> None:
    for known in offered.values():
        for control in known:
            for value in control.options or ("3.5",):
                state = bench.parse(known, {control.name: [value]})
                again = bench.parse(known, {k: [v] for k, v in bench.query(state)})
                assert again == state


def test_the_verdict_turns_where_the_slider_says(
    dataset: Dataset, offered: dict[str, list[bench.Control]]
) -> None:
    turned = 0
    for claim_id, known in offered.items():
        claim = essay(dataset).claims[claim_id]
        for control in known:
            if control.slider is None or control.slider.turns is None:
                continue
            turned += 1
            at, default = control.slider.turns, control.slider.default
            nudge = 1e-3 * abs(at - default)
            beyond, before = at + (nudge if at > default else -nudge), at + (default - at) * 0.01
            if control.slider.step == 1 and at.is_integer():  # a place: the one beside it still holds
                beyond, before = at, at + (1 if at < default else -1)
            outcomes = []
            for value in (beyond, before):
                state = bench.parse(known, {control.name: [f"{value:.10f}"]})
                outcomes.append(find(claim, dataset, bench.parts_of(claim, known, state)).outcome)
            assert outcomes[0] != evaluate(dataset)[claim_id].outcome, control.name
            assert outcomes[1] == evaluate(dataset)[claim_id].outcome, control.name
    assert turned > 10


@pytest.mark.parametrize("value", ["", "nan", "inf", "1e400", "٣", "<script>", "9" * 40, "--1"])
def test_a_threshold_that_is_no_number_changes_nothing(
    offered: dict[str, list[bench.Control]], value: str
) -> None:
    assert bench.parse(offered["gdp_overtaken"], {"holds": [value]}) == {}


def test_who_and_what_nobody_offers_changes_nothing(offered: dict[str, list[bench.Control]]) -> None:
    asked = {"of": ["atlantis"], "indicator": ["luck"], "since": ["12024"], "prices": ["free"], "x": ["1"]}
    assert bench.parse(offered["gdp_overtaken"], asked) == {}


def test_one_alone_of_several_is_an_answer(dataset: Dataset, offered: dict[str, list[bench.Control]]) -> None:
    client = create_app(dataset).server.test_client()
    for claim_id, known in offered.items():
        for control in known:
            for value in control.options[:1] if control.several else ():
                address = f"/en/claim/{claim_id}/test?{control.name}={value}"
                page = client.get(address, follow_redirects=True)
                assert page.status_code == 200, (claim_id, control.name)
