"""Whatever stands in a record: a claim that can be answered, or mistakes told by file, key and fix."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.claims import essay, evaluate
from dashboard.claims import record as records
from dashboard.claims.find import find
from dashboard.claims.kinds import kinds
from dashboard.claims.record import claim_of, essay_head
from dashboard.claims.schema import CLAIM, ESSAY, PARAMETERS, WORDS, RecordError
from dashboard.dataset import Dataset
from tests.claims.conftest import FIXTURES

TOLD = re.compile(r"\S+/\S+\.toml: .+: .+; .+")
WORDS_ = {"proposition": "a", "says": "b", "title": "c"}
RECORD: dict[str, Any] = {
    "line": 1, "quote": "一句話", "kind": "compare", "indicator": "gdp", "of": "hangzhou", "to": "shenzhen",
    "holds": "< 1", "en": WORDS_, "zh-Hans": WORDS_,
}  # fmt: skip
SCALARS = st.one_of(
    st.sampled_from(["", "gdp", "shenzhen", "2024", "2024-13", "2023-02-30", ">= 1", "< 1e999"]),
    st.sampled_from(["{", "{0}", "{a.b}", "{a!r}", "\n; x: "]),
    st.integers(-(10**20), 10**20), st.floats(), st.booleans(), st.text(max_size=8),
    st.just(date(2024, 1, 2)),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["ids", "group", "take", "without", "says", "holds"]) | st.text(max_size=3),
            inner, max_size=3,
        ),
    ),
    max_leaves=6,
)  # fmt: skip
KEYS = st.sampled_from([*RECORD, *CLAIM, *PARAMETERS, "choices", "parts", "zh-Hant", "sinse"])


def told(function: Any, *of: Any) -> Any:
    """Return what a function reads, or nothing where it tells every mistake with file, key and fix."""
    lines: list[str] = []
    try:
        return function(*of)
    except RecordError as error:
        lines += str(error).splitlines()
    assert all(TOLD.fullmatch(line) for line in lines), lines
    return None


def read(monkeypatch: pytest.MonkeyPatch, raw: object, function: Any, *of: Any) -> Any:
    """Read a record from memory."""
    monkeypatch.setattr(records, "toml", lambda path: raw)
    return told(function, *of)


def any_values(keys: st.SearchStrategy[str], run: Callable[[dict[str, Any]], None]) -> None:
    """Run with up to three keys set to anything."""

    @settings(max_examples=60, deadline=None)
    @given(changes=st.dictionaries(keys, VALUES, min_size=1, max_size=3))
    def every(changes: dict[str, Any]) -> None:
        run(changes)

    every()


def test_any_value_under_any_key(frozen: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(changes: dict[str, Any]) -> None:
        claim = read(monkeypatch, {**RECORD, **changes}, claim_of, Path("claims/new.toml"), frozen, ())
        if claim is not None:
            for parts in (claim.parts, *claim.choices.values()):
                assert find(claim, frozen, parts).outcome

    any_values(KEYS, run)


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_any_value_for_any_kind(frozen: Dataset, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    own: dict[str, Any] = {
        "indicator": "gdp", "indicators": ["gdp"], "of": "hangzhou", "to": "shenzhen", "holds": "< 1",
        "years": 2,
        "place": "shenzhen",
    }  # fmt: skip
    needs, uses = kinds()[kind].needs, kinds()[kind].uses
    words = {"en": WORDS_, "zh-Hans": WORDS_}
    base = {"line": 1, "quote": "一句話", "kind": kind, **words, **{k: own[k] for k in needs}}

    def run(changes: dict[str, Any]) -> None:
        claim = read(monkeypatch, {**base, **changes}, claim_of, Path("claims/new.toml"), frozen, ())
        if claim is not None:
            assert find(claim, frozen, claim.parts).outcome

    any_values(st.sampled_from([*needs, *uses, "until", "back"]), run)


def test_any_words(frozen: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(changes: dict[str, Any]) -> None:
        raw = {**RECORD, "en": {**WORDS_, **changes}, "choices": {"b": {"since": "2020"}}}
        read(monkeypatch, raw, claim_of, Path("claims/new.toml"), frozen, ())

    any_values(st.sampled_from([*WORDS, "x"]), run)


def test_any_essay(frozen: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(changes: dict[str, Any]) -> None:
        raw = {"en": {}, "zh-Hans": {}, **changes}
        read(monkeypatch, raw, essay_head, Path("essay/essay.toml"), frozen)

    any_values(st.sampled_from([*ESSAY.rules, "zh-Hant", "x"]), run)


def test_any_choice(frozen: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    words = {"en": {**WORDS_, "choices": {"b": "c"}}, "zh-Hans": {**WORDS_, "choices": {"b": "c"}}}

    def run(other: dict[str, Any]) -> None:
        raw = {**RECORD, **words, "choices": {"b": other}}
        claim = read(monkeypatch, raw, claim_of, Path("claims/new.toml"), frozen, ())
        assert claim is None or find(claim, frozen, claim.choices["b"]).outcome

    any_values(st.sampled_from([*PARAMETERS, "parts", "x"]), run)


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        (
            '{ holds = ">= 2" }',
            "choices.x.holds: '>= 2' asks the opposite of '< 1'; begin the condition with <",
        ),
        ('{ holds = "< 1" }', "choices.x: changes nothing; set something otherwise than the record"),
        (
            '{ parts = { a = { since = "2020" } } }',
            "choices.x.parts: the record has no parts; set the parameters",
        ),
        ("{ back = true }", "choices.x.back: True is no whole number; write one from 0"),
        ("{ sinse = '2020' }", "choices.x: 'sinse' is unknown; did you mean 'since'?"),
        ("3", "choices.x: 3 is no table; write a table"),
    ],
)
def test_a_choice_that_cannot_be_one_is_told(second: Dataset, tmp_path: Path, choice: str, told: str) -> None:
    folder = shutil.copytree(FIXTURES / "essay", tmp_path / "essay")
    words = '[{}]\nproposition = "a"\nsays = "b"\ntitle = "c"\nchoices = {{ x = "d" }}\n'
    rule = 'line = 1\nquote = "一"\nkind = "compare"\nindicator = "gdp"\nof = "nanjing"\nto = "suzhou"\n'
    record = f'{rule}holds = "< 1"\n[choices]\nx = {choice}\n'
    (folder / "claims" / "new.toml").write_text(
        record + words.format("en") + words.format("zh-Hans"), "utf-8"
    )
    dataset = replace(second, essay=folder, _made={})
    found = essay(dataset).faults
    assert [line for line in found if line.startswith(f"claims/new.toml: {told}")], found
    assert len(evaluate(dataset)) == 12
