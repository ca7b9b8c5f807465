"""``/claim/<id>/test``: a claim under the reader's own test; the whole test is in the address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Flask, redirect, request
from werkzeug.wrappers import Response

from dashboard import locale
from dashboard.claims import bench, essay, evaluate
from dashboard.claims.bench import Control, State
from dashboard.claims.find import find
from dashboard.claims.finding import Finding, Number
from dashboard.claims.record import Claim
from dashboard.claims.sentences import deciding_number, finding_sentence, format_number, proposition
from dashboard.dataset import Dataset, Lang
from dashboard.figures.from_finding import draw
from dashboard.figures.record import Form
from dashboard.links import address
from dashboard.pages.figureview import view_of
from dashboard.pages.story import known_claim
from dashboard.site import Site, add_page, full_number


def register(server: Flask, site: Site) -> None:
    """Add the reader's own test of every claim."""
    add_page(server, "/claim/<claim_id>/test", "bench", lambda claim_id: _bench(site, claim_id))


def _bench(site: Site, claim_id: str) -> Response:
    known_claim(site, claim_id)
    claim, dataset = essay(site.dataset).claims[claim_id], site.dataset
    known = bench.controls(claim, dataset)
    if not known:  # nothing to choose: an idiom, a forecast, or nothing on record
        return redirect(address(f"/claim/{claim_id}", site.lang()), 302)
    state = bench.parse(known, {k: request.args.getlist(k) for k in request.args})
    # a form sends every control: the address keeps only what was changed, so that a test has one address
    if list(request.args.items(multi=True)) != bench.query(state):
        query = urlencode(bench.query(state), safe="~,")
        place = address(f"/claim/{claim_id}/test", site.lang())
        return redirect(place + (f"?{query}" if query else ""), 302)
    return site.page(
        "bench.html",
        lambda lang: _values(site, claim, known, state, lang),
        query=tuple(c.name for c in known),
    )


def _values(site: Site, claim: Claim, known: list[Control], state: State, lang: Lang) -> dict[str, Any]:
    """Return what the page shows: the form, the answer, what was changed."""
    dataset = site.dataset
    verdict = evaluate(dataset)[claim.claim_id]
    faults: list[str] = []
    finding = verdict.finding
    if state:
        try:
            finding = find(claim, dataset, bench.parts_of(claim, known, state))
        except (ArithmeticError, ValueError) as error:
            faults = str(error).splitlines()
    wide, narrow = (draw(claim, finding, dataset, lang, form) for form in _FORMS)
    sentence = finding_sentence(claim, finding, dataset, lang).text
    if any(c.name in state and c.parameter not in ("holds", "share", "since") for c in known):
        # the record's words are about the record's measure and field
        sentence, title = _answer(claim, finding, dataset, lang)
        wide, narrow = (replace(chart, title=title, alt=f"{title} {sentence}") for chart in (wide, narrow))
    return {
        "claim": claim,
        "proposition": proposition(claim, dataset, lang),
        "verdict": verdict,
        "finding": finding,
        "sentence": sentence,
        "figure": view_of(wide, narrow, dataset, lang),
        "parts": [
            (claim.text(f"parts.{name}", lang) if name else "", [c for c in known if c.part == name])
            for name in claim.parts
        ],
        "state": state,
        "changed": [_changed(claim, c, state[c.name], dataset, lang) for c in known if c.name in state],
        "option": lambda control, value: option(control, value, dataset, lang),
        "faults": faults,
    }


_FORMS: tuple[Form, Form] = ("wide", "narrow")
MOST_NAMED = 3
"""Companies, cities and measures that a title names."""


def _answer(claim: Claim, finding: Finding, dataset: Dataset, lang: Lang) -> tuple[str, str]:
    """Return what a reader's own test found, and a title, in words that hold for any measure and field."""
    number = deciding_number(finding, dataset, lang)
    if not number:
        return (locale.text("pages.bench.nothing", lang),) * 2
    compared = [r for r in finding.rows if r.figure]
    entities = dict.fromkeys(
        e for r in sorted(compared, key=lambda r: not r.strong) for e in r.entity.split()
    )
    names = locale.join([dataset.entities[e].name(lang) for e in entities][:MOST_NAMED], lang)
    measures = [dataset.indicators[i].name(lang) for i in dict.fromkeys(r.indicator for r in compared)]
    title = locale.text(
        "figures.of_measure", lang, name=names, measure=locale.join(measures[:MOST_NAMED], lang)
    )
    return locale.text("pages.bench.answer", lang, label=claim.text("deciding", lang), number=number), title


def option(control: Control, value: str, dataset: Dataset, lang: Lang) -> str:
    """Return the words for one value of a control."""
    if control.parameter in ("of", "to"):
        return format_number(Number.entities(value), dataset, lang)
    if control.parameter in ("indicator", "indicators"):
        known = value in dataset.indicators
        words = format_number(Number.indicators(value if known else f"{value}_usd"), dataset, lang)
        return words[:1].upper() + words[1:]
    if control.parameter == "since":
        return locale.period(value, lang)
    return full_number(float(value))


def _changed(claim: Claim, control: Control, values: tuple[str, ...], dataset: Dataset, lang: Lang) -> str:
    """Say what the reader set otherwise than the record."""
    name = locale.text(f"pages.bench.set.{control.parameter}", lang)
    if control.part:
        name = locale.text(
            "pages.bench.part", lang, name=name, part=claim.text(f"parts.{control.part}", lang)
        )
    default, chosen = (
        locale.text("figures.join.semicolon", lang).join(option(control, v, dataset, lang) for v in of)
        for of in (control.default, values)
    )
    default = default or locale.text("pages.bench.any", lang)
    return locale.text("pages.bench.change", lang, name=name, default=default, chosen=chosen)
