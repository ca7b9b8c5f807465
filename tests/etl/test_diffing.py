"""A diff tells new, appeared, revised and vanished apart, and never sees a change where there is none."""

# ruff: noqa: E501 - tables of cases read better on one line each

from __future__ import annotations

from pathlib import Path

import pandas as pd
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etl.build import compare
from etl.report import as_lines, as_records
from etl.tables import NAMES, observation_bytes, read_observations, sorted_by_key, with_categories
from etl.tidy import number_text

row = st.tuples(
    st.sampled_from(["shenzhen", "hangzhou", "suzhou"]),
    st.sampled_from(["gdp", "population"]),
    st.sampled_from(["2020", "2021", "2024-05", "2024-Q1"]),
    st.sampled_from(["s1", "s2"]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8).map(str.strip),
)
rows = st.lists(row, max_size=20, unique_by=lambda r: r[:4])


def frame(given_rows: list[tuple[str, str, str, str, float, str]]) -> pd.DataFrame:
    records = [
        {"entity_id": e, "indicator_id": i, "period": p, "source_id": s, "value": v, "status": "final",
         "note": n, "locator": ""}
        for e, i, p, s, v, n in given_rows
    ]  # fmt: skip
    return with_categories(pd.DataFrame(records, columns=NAMES))


@settings(deadline=None, max_examples=50)
@given(rows, st.randoms(use_true_random=False))
def test_order_and_spelling_are_no_change(some: list, random) -> None:  # type: ignore[no-untyped-def,type-arg]
    shuffled = list(some)
    random.shuffle(shuffled)
    spelled = frame(shuffled)
    assert spelled["value"].tolist() == [float(number_text(r[4])) for r in shuffled]
    found = compare(frame(some), spelled)
    assert not any(map(len, found.values()))


@settings(deadline=None, max_examples=50)
@given(rows, rows)
def test_every_key_is_in_exactly_one_place(one: list, other: list) -> None:  # type: ignore[type-arg]
    found = compare(frame(one), frame(other))
    before, after = {r[:4]: r for r in one}, {r[:4]: r for r in other}
    series = {k[:2] for k in before}

    def keys_of(part: pd.DataFrame) -> set[tuple[str, ...]]:
        return {
            tuple(map(str, k)) for k in part[["entity_id", "indicator_id", "period", "source_id"]].to_numpy()
        }

    came = set(after) - set(before)
    assert keys_of(found["new"]) == {k for k in came if k[:2] in series}
    assert keys_of(found["appeared"]) == {k for k in came if k[:2] not in series}
    assert keys_of(found["vanished"]) == set(before) - set(after)
    both = set(before) & set(after)
    assert keys_of(found["revised"]) == {k for k in both if before[k][4] != after[k][4]}
    assert keys_of(found["annotated"]) == {
        k for k in both if before[k][4] == after[k][4] and before[k][5] != after[k][5]
    }


@settings(deadline=None, max_examples=50)
@given(rows)
@example([("shenzhen", "gdp", "2020", "s1", 0.0, "00")])  # a column of digits alone is text, too
def test_the_file_gives_back_the_table(some: list) -> None:  # type: ignore[type-arg]
    import tempfile

    ordered = sorted_by_key(frame(some))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(observation_bytes(ordered))
        for trusted in (False, True):
            found, problems = read_observations(path, "x.csv", trusted=trusted)
            assert problems == []
            assert not any(map(len, compare(ordered, found).values()))
            assert observation_bytes(found) == observation_bytes(ordered)


def test_revised_figures_are_sorted_by_relative_size_and_name_their_document() -> None:
    old = frame([("a", "gdp", "2020", "s", 100.0, ""), ("b", "gdp", "2020", "s", 1e12, ""), ("c", "gdp", "2020", "s", 0.0, ""),
                 ("d", "gdp", "2020", "s", 5.0, "")])  # fmt: skip
    new = frame([("a", "gdp", "2020", "s", 150.0, ""), ("b", "gdp", "2020", "s", 0.9e12, ""), ("c", "gdp", "2020", "s", 1.0, ""),
                 ("e", "gdp", "2020", "s", 7.5, "")])  # fmt: skip
    found, urls = compare(old, new), {"s": "https://example.org/x"}
    lines = as_lines(as_records(found, urls))
    assert lines == [
        "~ revised  c gdp 2020: 0 → 1  https://example.org/x",
        "~ revised  a gdp 2020: 100 → 150 (+50.00%)  https://example.org/x",
        "~ revised  b gdp 2020: 1000000000000 → 900000000000 (-10.00%)  https://example.org/x",
        "- vanished d gdp 2020: 5  https://example.org/x",
        "* appeared e gdp 2020: 7.5  https://example.org/x",
    ]


def test_a_series_that_came_is_one_line_however_long_and_a_cut_is_said() -> None:
    old = frame([("a", "gdp", "2019", "s", 1.0, "")])
    years = [("a", "gdp", f"{year}", "s", 2.0, "") for year in range(2020, 2026)]
    new = frame([*old_rows(), *years, ("b", "gdp", "2024", "t", 3.0, ""), ("c", "gdp", "2024", "t", 4.0, "")])
    found, urls = compare(old, new), {"s": "https://example.org/x", "t": "https://example.org/y"}
    records = as_records(found, urls)
    assert as_lines(records) == [
        "* appeared b gdp 2024: 3  https://example.org/y",
        "* appeared c gdp 2024: 4  https://example.org/y",
        "+ new      a gdp: 2020 to 2025, 6 figures  https://example.org/x",
    ]
    assert as_lines(records, 1)[1:] == ["… and 2 lines more: `pursuit diff` shows them all"]


def old_rows() -> list:  # type: ignore[type-arg]
    return [("a", "gdp", "2019", "s", 1.0, "")]
