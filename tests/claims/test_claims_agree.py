"""Verdict, sentence, chart, table and alternative come from one finding, whatever happens to a series."""

from __future__ import annotations

import re
from string import Formatter

import pandas as pd
import pytest

from dashboard.claims import OUTCOMES, essay
from dashboard.claims.evaluate import Verdict, evaluate
from dashboard.claims.find import find
from dashboard.claims.finding import Finding
from dashboard.claims.record import Claim
from dashboard.claims.sentences import finding_sentence
from dashboard.dataset import LANGS, OBSERVATION_COLUMNS, Dataset
from dashboard.figures.from_finding import draw
from tests.shipped import FIGURES

CLAIMS = FIGURES[1:]
SERIES = 4
"""Series changed for each claim: those that its answer rests on first."""


@pytest.fixture(scope="module")
def verdicts(frozen: Dataset) -> dict[str, Verdict]:
    return evaluate(frozen)


def changed(dataset: Dataset, series: tuple[str, str], how: str) -> Dataset:
    """The dataset with one series changed: a newer figure, the newest or all dropped, zero, negative."""
    frame = dataset.observations.astype({c: str for c in OBSERVATION_COLUMNS if c != "value"})
    entity, indicator = series
    own = (frame["entity_id"] == entity) & (frame["indicator_id"] == indicator)
    newest = own & (frame["period"] == frame.loc[own, "period"].max())
    if how == "newer":
        more = frame[newest].head(1).copy()
        period = str(more["period"].iloc[0])
        more["period"] = f"{int(period[:4]) + 1}{period[4:]}"
        more["value"] *= 1.1
        frame = pd.concat([frame, more], ignore_index=True)
    elif how in ("without newest", "without any"):
        frame = frame[~(newest if how == "without newest" else own)]
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
    figures = [f for r in finding.rows for f in (r.figure, r.before) if f is not None]
    out = {f.value for f in figures} | {100 * f.value for f in figures}
    for trace in finding.traces:
        values = [f.value for f in trace.figures]
        out |= set(values) | {100 * v for v in values}
        out |= {v / values[0] for v in values if values[0]}
    return out


def agrees(claim: Claim, finding: Finding, dataset: Dataset) -> None:
    assert finding.outcome in OUTCOMES
    for lang in LANGS:
        title = finding_sentence(claim, finding, dataset, lang, "title").text
        assert finding_sentence(claim, finding, dataset, lang).text
        chart = draw(claim, finding, dataset, lang)
        assert chart.title == title
        assert title.rstrip("。.") in chart.alt
    allowed = drawn(finding)
    shown = {c for row in chart.table.rows for c in row if isinstance(c, float)}
    assert all(any(abs(c - a) <= 1e-9 * max(1, abs(a)) for a in allowed) for c in shown)


@pytest.mark.parametrize("claim_id", CLAIMS)
def test_the_frozen_claims_agree(frozen: Dataset, verdicts: dict[str, Verdict], claim_id: str) -> None:
    verdict = verdicts[claim_id]
    assert verdict.fault == ""
    agrees(verdict.claim, verdict.finding, frozen)


@pytest.mark.parametrize("claim_id", CLAIMS)
@pytest.mark.parametrize("how", ["newer", "without newest", "without any", "zero", "negative"])
def test_a_changed_series_changes_everything_alike(
    frozen: Dataset, verdicts: dict[str, Verdict], claim_id: str, how: str
) -> None:
    verdict = verdicts[claim_id]
    for series in list(dict.fromkeys((o.entity_id, o.indicator_id) for o in verdict.used))[:SERIES]:
        dataset = changed(frozen, series, how)
        claim = essay(dataset).claims[claim_id]
        agrees(claim, find(claim, dataset, claim.parts), dataset)


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
        for other in verdict.robustness:
            same = {(o.key, o.value) for o in verdict.used} == {(o.key, o.value) for o in other.finding.used}
            assert not same or verdict.claim.choices[other.name] != verdict.claim.parts


def test_as_of_the_essay_only_documents_of_its_day_count(
    frozen: Dataset, verdicts: dict[str, Verdict]
) -> None:
    day = essay(frozen).date
    for verdict in verdicts.values():
        if verdict.at_essay_date is None or verdict.needs_later_documents:
            continue
        for o in verdict.at_essay_date.used:
            published = frozen.sources[o.source_id].published
            assert (published or o.period)[:10] <= day, (verdict.claim_id, o)
