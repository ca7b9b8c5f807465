"""``/claim/<id>/test``: a claim under the reader's own test; the whole test is in the address."""

from functools import partial
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
from dashboard.figures.record import FORMS
from dashboard.links import address
from dashboard.pages.figureview import view_of
from dashboard.pages.story import known_claim
from dashboard.site import Site, add_page, full_number

MOST_NAMED = 3
"""Companies, cities and measures that a title names."""


def register(server: Flask, site: Site) -> None:
    add_page(server, "/claim/<claim_id>/test", partial(_bench, site))


def _bench(site: Site, claim_id: str) -> Response:
    known_claim(site, claim_id)
    claim, dataset = essay(site.dataset).claims[claim_id], site.dataset
    controls = bench.controls(claim, dataset)
    if not controls:  # nothing to choose: an idiom, a forecast, or nothing on record
        return redirect(address(f"/claim/{claim_id}", site.lang()), 302)
    state = bench.parse(controls, {k: request.args.getlist(k) for k in request.args})
    # a form sends every control: the address keeps only what was changed, so that a test has one address
    if list(request.args.items(multi=True)) != bench.query(state):
        query = urlencode(bench.query(state), safe="~,")
        place = address(f"/claim/{claim_id}/test", site.lang())
        return redirect(place + (f"?{query}" if query else ""), 302)
    values = partial(_values, dataset, claim, controls, state)
    return site.page("bench.html", values, query=tuple(c.name for c in controls))


def _values(
    dataset: Dataset, claim: Claim, controls: list[Control], state: State, lang: Lang
) -> dict[str, Any]:
    verdict = evaluate(dataset)[claim.claim_id]
    faults: list[str] = []
    finding = verdict.finding
    if state:
        try:
            finding = find(claim, dataset, bench.parts_of(claim, controls, state))
        except (ArithmeticError, ValueError) as error:
            faults = str(error).splitlines()
    changed = [c for c in controls if c.name in state]
    if any(c.parameter not in ("holds", "share", "since") for c in changed):
        # the record's words are about the record's measure and field
        sentence, title = _answer(claim, finding, dataset, lang)
    else:
        sentence, title = finding_sentence(claim, finding, dataset, lang).text, ""
    charts = [draw(claim, finding, dataset, lang, form, title) for form in FORMS]
    return {
        "claim": claim,
        "proposition": proposition(claim, dataset, lang),
        "verdict": verdict,
        "finding": finding,
        "sentence": sentence,
        "figure": view_of(charts, dataset),
        "parts": [
            (claim.text(f"parts.{name}", lang) if name else "", [c for c in controls if c.part == name])
            for name in claim.parts
        ],
        "state": state,
        "changed": [_changed(claim, c, state[c.name], dataset, lang) for c in changed],
        "option": lambda control, value: option(control, value, dataset, lang),
        "faults": faults,
    }


def _answer(claim: Claim, finding: Finding, dataset: Dataset, lang: Lang) -> tuple[str, str]:
    """Return what a reader's own test found, and a title, in words that hold for any measure and field."""
    number = deciding_number(finding, dataset, lang)
    if not number:
        return (locale.text("pages.bench.nothing", lang),) * 2
    rows = sorted((r for r in finding.rows if r.figure), key=lambda r: not r.strong)
    entities = dict.fromkeys(e for r in rows for e in r.entity.split())
    names = locale.join([dataset.entities[e].name(lang) for e in entities][:MOST_NAMED], lang)
    indicators = dict.fromkeys(r.indicator for r in finding.rows if r.figure)
    measures = locale.join([dataset.indicators[i].name(lang) for i in indicators][:MOST_NAMED], lang)
    answer = locale.text("pages.bench.answer", lang, label=claim.text("deciding", lang), number=number)
    return answer, locale.text("figures.of_measure", lang, name=names, measure=measures)


def option(control: Control, value: str, dataset: Dataset, lang: Lang) -> str:
    match control.parameter:
        case "of" | "to":
            return format_number(Number.entities(value), dataset, lang)
        case "indicator" | "indicators":
            known = value in dataset.indicators
            words = format_number(Number.indicators(value if known else f"{value}_usd"), dataset, lang)
            return words[:1].upper() + words[1:]
        case "since":
            return locale.period(value, lang)
    return full_number(float(value))


def _changed(claim: Claim, control: Control, values: tuple[str, ...], dataset: Dataset, lang: Lang) -> str:
    name = locale.text(f"pages.bench.set.{control.parameter}", lang)
    if control.part:
        part = claim.text(f"parts.{control.part}", lang)
        name = locale.text("pages.bench.part", lang, name=name, part=part)
    semicolon = locale.text("figures.join.semicolon", lang)
    default, chosen = (
        semicolon.join(option(control, v, dataset, lang) for v in of) for of in (control.default, values)
    )
    default = default or locale.text("pages.bench.any", lang)
    return locale.text("pages.bench.change", lang, name=name, default=default, chosen=chosen)
