"""Claims in words: sentences, whose numbers stay separate from the text, and how a claim is measured."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import attrgetter
from string import Formatter

from dashboard import locale
from dashboard.claims.evaluate import Verdict
from dashboard.claims.find import record_numbers
from dashboard.claims.finding import Finding, Number
from dashboard.claims.params import Params
from dashboard.claims.record import Claim
from dashboard.dataset import Dataset, Lang
from dashboard.dataset.records import Named
from dashboard.locale import text

_BOUNDARY = re.compile(r"[㐀-鿿][0-9A-Za-z%°−+]|[0-9A-Za-z%°−+][㐀-鿿]")
_COMMON = re.compile(r"[A-Z](?:[a-z]+|-)*(?: (?![A-Z][a-z])|$)")
TEXTS = frozenset({"entities", "indicators", "outcome", "period"})
"""Kinds of numbers that are words."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as pieces: plain text (``None``) and numbers, each with the observations it rests on."""

    runs: tuple[tuple[str, Number | None], ...]

    @property
    def text(self) -> str:
        return "".join(piece for piece, _ in self.runs)


def verdict_sentence(verdict: Verdict, dataset: Dataset, lang: Lang) -> Sentence:
    return finding_sentence(verdict.claim, verdict.finding, dataset, lang)


def finding_sentence(
    claim: Claim, finding: Finding, dataset: Dataset, lang: Lang, key: str = "says"
) -> Sentence:
    """Return a claim's sentence (or its ``title``) for a finding; without figures the one that says so."""
    untested = [claim.text(f"parts.{name}", lang) for name, f in finding.parts.items() if not f.rows]
    if finding.rows and not untested:
        return format_message(claim.text(key, lang, finding.outcome), finding.numbers, dataset, lang)
    if key == "title":
        template = claim.text("proposition", lang)
    elif finding.rows:
        template = text("claims.nothing_for", lang, parts=locale.join(untested, lang))
    else:
        template = text("claims.nothing", lang)
    return format_message(template, record_numbers(claim.parts), dataset, lang)


def proposition(claim: Claim, dataset: Dataset, lang: Lang) -> str:
    return format_message(claim.text("proposition", lang), record_numbers(claim.parts), dataset, lang).text


def margin_sentence(verdict: Verdict, dataset: Dataset, lang: Lang) -> Sentence | None:
    flip = verdict.margin
    return format_message(text(flip.key, lang), flip.numbers, dataset, lang) if flip else None


def deciding_number(finding: Finding, dataset: Dataset, lang: Lang) -> str:
    """Return the number that is held against the threshold, written out; empty where there is none."""
    number = finding.numbers.get(finding.deciding)
    return "" if number is None else format_number(number, dataset, lang)


def outcome_name(outcome: str, lang: Lang) -> str:
    return text(f"claims.outcome.{outcome}", lang)


def format_message(template: str, numbers: Mapping[str, Number], dataset: Dataset, lang: Lang) -> Sentence:
    """Fill a text's ``{names}``; raises ``KeyError`` for a number that is not there."""
    pieces = [(literal, name or "") for literal, name, _, _ in Formatter().parse(template)]
    written = _written([numbers[n] for _, n in pieces if n in numbers], dataset, lang)
    runs: list[tuple[str, Number | None]] = []
    for literal, name in pieces:
        for piece, number in ((literal, None), *([(written[numbers[name]], numbers[name])] if name else [])):
            if not piece:
                continue
            if not runs:
                piece = piece[:1].upper() + piece[1:] if number is None else piece
            elif _BOUNDARY.fullmatch(runs[-1][0][-1] + piece[0]):
                runs.append((" ", None))
            runs.append((piece, number))
    return Sentence(tuple(runs))


def format_number(number: Number, dataset: Dataset, lang: Lang) -> str:
    return _written([number], dataset, lang)[number]


def _written(numbers: Iterable[Number], dataset: Dataset, lang: Lang) -> dict[Number, str]:
    """Write the numbers of one text: different ones of one kind and unit with digits that tell them apart."""
    written: dict[Number, str] = {}
    alike = attrgetter("kind", "unit")
    for (kind, _), members in groupby(sorted(numbers, key=alike), key=alike):
        group = list(dict.fromkeys(members))
        if kind in TEXTS:
            written |= {n: _text(n, dataset, lang) for n in group}
        else:
            values = locale.write_apart([n.value for n in group], partial(_value, group[0], lang))
            written |= zip(group, values, strict=True)
    return written


def _text(number: Number, dataset: Dataset, lang: Lang) -> str:
    if number.kind == "outcome":
        return outcome_name(number.text, lang)
    if number.kind == "period":
        return locale.period(number.text, lang)
    known: Mapping[str, Named] = dataset.entities if number.kind == "entities" else dataset.indicators
    names = [known[i].name(lang) if i in known else i for i in number.text.split()]
    if number.kind == "indicators" and lang == "en":
        # within an English sentence: Net profit → net profit; GDP and Nature Index stay
        names = [name[:1].lower() + name[1:] if _COMMON.match(name) else name for name in names]
    return locale.join(names, lang) or text("claims.none", lang)


def _value(number: Number, lang: Lang, value: float, digits: int) -> str:
    if number.kind == "percent":
        return locale.percent(value, digits=digits - 2)
    if number.kind == "growth":
        key = f"claims.growth.{'up' if value >= 0 else 'down'}"
        return text(key, lang, value=locale.percent(abs(value), digits=digits - 2))
    if number.kind == "exact":
        return locale.quantity(value, number.unit, lang, digits=None)
    if number.kind == "times":
        return locale.times(value, lang, digits=digits)
    if number.kind in ("number", "count"):
        return locale.number(value, lang, digits=digits, scaled=number.kind == "number")
    return locale.quantity(value, number.unit, lang, digits=digits)


def method(claim: Claim, dataset: Dataset, lang: Lang) -> list[tuple[str, str]]:
    rules = [
        {"part": claim.text(f"parts.{name}", lang) if name else "", **_rule(params, dataset, lang)}
        for name, params in claim.parts.items()
    ]
    reasons = {f"why_{key}": claim.text(key, lang) for key in ("field", "threshold", "not_testable")}
    if claim.threshold_since and claim.testable:
        reasons["threshold_since"] = locale.period(claim.threshold_since, lang)
    lines = (line for words in (*rules, reasons) for line in words.items())
    return [(text(f"claims.record.{key}", lang), words) for key, words in lines if words]


def _rule(params: Params, dataset: Dataset, lang: Lang) -> dict[str, str]:
    window = [
        text(f"claims.record.window.{key}", lang, value=locale.period(value, lang))
        for key in ("since", "until", "date")
        if (value := getattr(params, key))
    ]
    window += [text("claims.record.window.years", lang, value=params.years)] if params.years else []
    fields = {}
    for side, field in (("of", params.of), ("to", params.to)):
        names = format_number(Number.entities(*field.entities), dataset, lang) if field.entities else ""
        fields[side] = text(f"claims.record.take.{field.take}", lang, words=names) if field.take else names
    return {
        "kind": text(f"claims.kind.{params.kind}", lang),
        "measure": _measure(params, dataset, lang),
        **fields,
        **{key: str(getattr(params, key) or "") for key in ("holds", "share")},
        "window": text("figures.join.semicolon", lang).join(window),
        "independent": text("claims.record.yes", lang) if params.independent else "",
    }


def _measure(params: Params, dataset: Dataset, lang: Lang) -> str:
    def name(indicator: str) -> str:
        known = indicator if indicator in dataset.indicators else f"{indicator}_usd"
        return format_number(Number.indicators(known), dataset, lang)

    words = locale.join([name(i) for i in (params.indicator, *params.indicators) if i], lang)
    for key in ("minus", "per", "fallback", "against"):
        if other := getattr(params, key):
            other = name(other)
            if key == "per" and params.base:
                other = text("figures.value_of", lang, value=other, period=locale.period(params.base, lang))
            words = text(f"claims.record.measure.{key}", lang, words=words, other=other)
    return words
