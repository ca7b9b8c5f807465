"""Verdict, sentence, chart, table and alternative come from one finding, whatever happens to a series."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import combinations
from string import Formatter

import pandas as pd
import pytest

from dashboard.claims import OUTCOMES, essay
from dashboard.claims.evaluate import Verdict, evaluate
from dashboard.claims.find import find
from dashboard.claims.finding import Finding
from dashboard.claims.record import Claim
from dashboard.claims.sentences import Sentence, finding_sentence, margin_sentence
from dashboard.dataset import LANGS, OBSERVATION_COLUMNS, TIERS, WRITTEN, Dataset, Lang
from dashboard.figures.from_finding import draw
from tests.shipped import FIGURES

CLAIMS = FIGURES[1:]
CHANGES = ("newer", "without newest", "without any", "zero", "negative", "equal to a rival")
MANY = 6
ROWS = ("arrows", "bars", "board")


@pytest.fixture(scope="module")
def verdicts(frozen: Dataset) -> dict[str, Verdict]:
    return evaluate(frozen)


def series_of(verdict: Verdict) -> list[tuple[str, str]]:
    """Every series that a claim reads, under its choices too."""
    findings = [verdict.finding, *verdict.robustness.values()]
    return list(dict.fromkeys((o.entity_id, o.indicator_id) for f in findings for o in f.used))


def changed(dataset: Dataset, frame: pd.DataFrame, series: tuple[str, str], how: str) -> Dataset:
    """The dataset with one series changed."""
    entity, indicator = series
    own = (frame["entity_id"] == entity) & (frame["indicator_id"] == indicator)
    newest = own & (frame["period"] == frame.loc[own, "period"].max())
    frame = frame.copy()
    if how == "newer":
        more = frame[newest].head(1).copy()
        period = str(more["period"].iloc[0])
        more["period"] = f"{int(period[:4]) + 1}{period[4:]}"
        whole = dataset.indicators[indicator].unit == "rank"  # there is no place 1.1
        more["value"] = more["value"] + 1 if whole else more["value"] * 1.1
        frame = pd.concat([frame, more], ignore_index=True)
    elif how in ("without newest", "without any"):
        frame = frame[~(newest if how == "without newest" else own)]
    elif how == "equal to a rival":
        rivals = frame[(frame["indicator_id"] == indicator) & ~own].sort_values("period")
        frame.loc[newest, "value"] = rivals["value"].iloc[-1] if len(rivals) else 1.0
    else:
        frame.loc[newest, "value"] *= 0.0 if how == "zero" else -1.0
    return Dataset.from_frames(
        entities=dataset.entities.values(),
        indicators=dataset.indicators.values(),
        sources=dataset.sources.values(),
        observations=frame,
        gaps=dataset.gaps,
        essay=dataset.essay,
        version=how,
    )


def drawn(finding: Finding) -> set[float]:
    """Every number that a chart of the finding may show: its figures, in percent, over their first."""
    out = {q.value for q in finding.figures} | {100 * q.value for q in finding.figures}
    for trace in finding.traces:
        values = [q.value for q in trace.figures]
        out |= set(values) | {100 * v for v in values}
        out |= {v / values[0] for v in values if values[0]}
    return out


def close(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-9 * max(1, abs(a))


def written_apart(sentence: Sentence) -> None:
    """No digits but those of numbers; no year with a separator; different numbers read differently."""
    numbers = [(piece, n) for piece, n in sentence.runs if n is not None]
    assert not re.search(r"\d", "".join(p for p, n in sentence.runs if n is None)), sentence.text
    for piece, n in numbers:
        assert not re.search(r"nan|inf|None|\be[+-]?\d", piece) or n.kind in ("entities", "indicators"), piece
        assert math.isfinite(n.value), sentence.text
        if n.kind == "period" or n.unit == "year":
            assert "," not in piece, sentence.text
    for (a, x), (b, y) in combinations(numbers, 2):
        if (x.kind, x.unit) == (y.kind, y.unit) and not x.text and not close(x.value, y.value):
            signs = x.kind == "growth" and (x.value < 0) != (y.value < 0)  # told by up and down
            assert a != b or signs, sentence.text


def nothing_false(finding: Finding) -> None:
    """Nobody leads alone, or a field of nobody; a place is within its field; what is counted is there."""
    for f in (finding, *finding.parts.values()):
        n = f.numbers
        if "place" in n and n["place"].unit == "rank":
            assert 1 <= n["place"].value <= n["field"].value >= 2
            if n["place"].value == 1:
                assert n["value"].value != n["second_value"].value
        if "contests" in n:
            assert 0 <= n["won"].value <= n["contests"].value
        if "records" in n:
            assert n["records"].value <= n["asked"].value


def agrees(claim: Claim, finding: Finding, dataset: Dataset, langs: Sequence[Lang]) -> None:
    assert finding.outcome in OUTCOMES
    nothing_false(finding)
    for lang in langs:
        title = finding_sentence(claim, finding, dataset, lang, "title")
        sentence = finding_sentence(claim, finding, dataset, lang)
        assert sentence.text
        for words in (title, sentence) if finding.rows else (sentence,):
            written_apart(words)
    chart = draw(claim, finding, dataset, lang)
    assert chart.title.rstrip("。.") == title.text.rstrip("。.")
    assert title.text.rstrip("。.") in chart.alt
    allowed = drawn(finding)
    shown = {c for row in chart.table.rows for c in row if isinstance(c, float)}
    assert all(any(close(c, a) for a in allowed) for c in shown)
    if finding.chart in ROWS and finding.rows:  # the table holds what the rows say
        every = [q.value for q in finding.figures]
        assert all(any(close(v, s) or close(100 * v, s) for s in shown) for v in every if chart.marks)


@pytest.mark.parametrize("claim_id", CLAIMS)
def test_the_frozen_claims_agree(frozen: Dataset, verdicts: dict[str, Verdict], claim_id: str) -> None:
    verdict = verdicts[claim_id]
    assert verdict.fault == ""
    findings = [verdict.finding, verdict.at_essay_date, *verdict.robustness.values()]
    for finding in findings:
        if finding is not None:
            agrees(verdict.claim, finding, frozen, LANGS)
    for lang in LANGS:
        margin = margin_sentence(verdict, frozen, lang)
        if margin is not None:
            written_apart(margin)


@pytest.mark.parametrize("claim_id", CLAIMS)
@pytest.mark.parametrize("how", CHANGES)
def test_a_changed_series_changes_everything_alike(
    frozen: Dataset, verdicts: dict[str, Verdict], claim_id: str, how: str
) -> None:
    """Of a claim that reads many series, each is changed in two ways."""
    every = series_of(verdicts[claim_id])
    frame = frozen.table.frame.astype({c: str for c in OBSERVATION_COLUMNS if c != "value"})
    read = pd.MultiIndex.from_frame(frame[["entity_id", "indicator_id"]]).isin(
        [*every, ("china", "cny_per_usd")]
    )
    for series in every if len(every) <= MANY else every[CHANGES.index(how) % 3 :: 3]:
        dataset = changed(frozen, frame[read], series, how)
        claim = essay(frozen).claims[claim_id]
        agrees(claim, find(claim, dataset, claim.parts), dataset, WRITTEN)


def test_a_crowd_edited_source_decides_nothing_where_a_better_tier_has_the_same_period(
    dataset: Dataset,
) -> None:
    for verdict in evaluate(dataset).values():
        for o in verdict.finding.used:
            source = dataset.sources[o.source_id]
            if not re.search(r"wiki", f"{source.url} {source.copy_url} {source.publisher}", re.IGNORECASE):
                continue
            others = [x for x in dataset.all_of(o.indicator_id, o.entity_id) if x.status != "doubtful"]
            same = [x for x in others if x.period.startswith(o.period) or o.period.startswith(x.period)]
            tiers = [TIERS.index(dataset.sources[x.source_id].tier) for x in same]
            assert min(tiers) == TIERS.index(source.tier), (verdict.claim.claim_id, o)


def test_no_number_and_no_name_is_typed_in_a_sentence(frozen: Dataset) -> None:
    kinds = ("city", "company", "university")
    named = [e for e in frozen.entities.values() if e.kind in kinds]
    names = [n for e in named for n in (e.name_en, e.name_zh_hans, e.name_zh_hant) if len(n) > 1]
    for claim in essay(frozen).claims.values():
        for lang in LANGS:
            for key in ("says", "title"):
                found = claim.words[lang][key]
                for template in found.values() if isinstance(found, dict) else [found]:
                    typed = "".join(literal for literal, *_ in Formatter().parse(template))
                    assert not re.search(r"\d", typed), (claim.claim_id, lang, key)
                    if lang != "en":
                        assert not [n for n in names if n in typed], (claim.claim_id, lang, key)
                    else:
                        words = set(re.findall(r"[A-Z][\w.]+", typed))
                        assert not words & set(names), (claim.claim_id, key)


def test_robustness_counts_only_what_could_differ(verdicts: dict[str, Verdict]) -> None:
    for verdict in verdicts.values():
        assert verdict.claim.testable or not verdict.robustness
        for name, other in verdict.robustness.items():
            same = {(o.key, o.value) for o in verdict.finding.used} == {(o.key, o.value) for o in other.used}
            assert not same or verdict.claim.choices[name] != verdict.claim.parts


def test_as_of_the_essay_only_documents_of_its_day_count(
    frozen: Dataset, verdicts: dict[str, Verdict]
) -> None:
    day = essay(frozen).date
    for verdict in verdicts.values():
        if verdict.at_essay_date is None or verdict.needs_later_documents:
            continue
        for o in verdict.at_essay_date.used:
            published = frozen.sources[o.source_id].published
            assert (published or o.period)[:10] <= day, (verdict.claim.claim_id, o)
