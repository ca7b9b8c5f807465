"""Verdicts in words: sentences in the reader's language whose numbers stay apart from the text."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from dashboard import locale
from dashboard.claims.evaluate import Verdict
from dashboard.claims.find import record_numbers
from dashboard.claims.finding import Finding, Number
from dashboard.claims.record import Claim
from dashboard.dataset import Dataset, Lang
from dashboard.locale import number, percent, period, quantity, text, times

_CJK = re.compile(r"[㐀-鿿]")
_LATIN = re.compile(r"[0-9A-Za-z%°−+]")
_COMMON = re.compile(r"[A-Z](?:[a-z]+|-)*(?: (?![A-Z][a-z])|$)")
_FORMATTER = Formatter()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as pieces: plain text (``None``) and numbers, each with the observations it rests on."""

    runs: tuple[tuple[str, Number | None], ...]

    @property
    def text(self) -> str:
        """The whole sentence as plain text."""
        return "".join(piece for piece, _ in self.runs)


def say(verdict: Verdict, dataset: Dataset, lang: Lang) -> Sentence:
    """Return the sentence that the numbers of a verdict say, as of today."""
    return said(verdict.claim, verdict.finding, dataset, lang)


def said(claim: Claim, finding: Finding, dataset: Dataset, lang: Lang, key: str = "says") -> Sentence:
    """Return a claim's sentence (or its ``title``) for a finding; without figures the one that says so."""
    outcome = finding.outcome
    if not finding.rows:
        name = "card" if key == "title" else "nothing"
        return phrase(text(f"claims.{name}", lang), finding.numbers, dataset, lang)
    untested = any(f.outcome == "no_public_data" for f in finding.parts.values())
    missing = text("figures.none.short", lang) if untested else ""
    return phrase(claim.text(key, lang, outcome), finding.numbers, dataset, lang, missing)


def proposition(claim: Claim, dataset: Dataset, lang: Lang) -> str:
    """Return what exactly is tested, as a sentence of its own."""
    return phrase(claim.text("proposition", lang), record_numbers(claim.parts), dataset, lang).text


def say_margin(verdict: Verdict, dataset: Dataset, lang: Lang) -> Sentence | None:
    """Return what would flip the verdict, or ``None`` where nothing that was tried does."""
    margin = verdict.margin
    return None if margin is None else phrase(text(margin.key, lang), margin.numbers, dataset, lang)


def deciding(finding: Finding, dataset: Dataset, lang: Lang) -> str:
    """Return the number that is held against the threshold, written out; empty where there is none."""
    number = finding.numbers.get(finding.deciding)
    return "" if number is None else shown(number, dataset, lang)


def outcome_name(outcome: str, lang: Lang) -> str:
    """Return an outcome's word."""
    return text(f"claims.outcome.{outcome}", lang)


def phrase(
    template: str, numbers: Mapping[str, Number], dataset: Dataset, lang: Lang, missing: str = ""
) -> Sentence:
    """Fill a text's ``{names}``; ``missing`` stands for a number it lacks, else raises ``KeyError``."""
    runs: list[tuple[str, Number | None]] = []
    for literal, name, _, _ in _FORMATTER.parse(template):
        if literal:
            runs.append((literal, None))
        if name is not None:
            if name not in numbers and missing:
                runs.append((missing, None))
                continue
            value = numbers[name]
            directed = value.kind == "growth"
            runs += _directed(value, lang) if directed else [(shown(value, dataset, lang), value)]
    if lang != "en":
        runs = _spaced(runs)
    if not runs:
        return Sentence(())
    first, what = runs[0]
    runs[0] = (first[:1].upper() + first[1:] if what is None else first, what)
    return Sentence(tuple(runs))


def _directed(value: Number, lang: Lang) -> list[tuple[str, Number | None]]:
    """Return a change as its direction in words and its size: up 5.2%; 增长 5.2%."""
    key = f"claims.growth.{'up' if value.value >= 0 else 'down'}"
    before, after = locale.messages(lang)[key].split("{value}")
    runs: list[tuple[str, Number | None]] = [(before, None), (percent(abs(value.value), lang), value)]
    return [*runs, (after, None)] if after else runs


def _spaced(runs: list[tuple[str, Number | None]]) -> list[tuple[str, Number | None]]:
    """Put a space where a Chinese character meets a digit or a Latin letter across two pieces."""
    out: list[tuple[str, Number | None]] = []
    for piece, what in runs:
        if out and piece and out[-1][0]:
            left, right = out[-1][0][-1], piece[0]
            if (_CJK.match(left) and _LATIN.match(right)) or (_LATIN.match(left) and _CJK.match(right)):
                if what is None:
                    piece = " " + piece
                elif out[-1][1] is None:
                    out[-1] = (out[-1][0] + " ", None)
                else:
                    out.append((" ", None))
        out.append((piece, what))
    return out


def shown(value: Number, dataset: Dataset, lang: Lang) -> str:
    """Write one number as its kind asks; unknown entities and indicators appear by their ids."""
    kind = value.kind
    if kind in ("entity", "entities"):
        return listed([_entity(dataset, e, lang) for e in value.text.split()], lang)
    if kind in ("indicator", "indicators"):
        return listed([_indicator(dataset, i, lang) for i in value.text.split()], lang)
    if kind == "outcome":
        return outcome_name(value.text, lang)
    if kind == "period":
        return period(value.text, lang)
    if kind == "percent":
        return percent(value.value, lang)
    if kind == "growth":
        runs = _directed(value, lang)
        return "".join(piece for piece, _ in (runs if lang == "en" else _spaced(runs)))
    if kind == "times" and value.value > 0 and math.isfinite(value.value):
        return times(value.value, lang)
    if kind == "count":
        return number(value.value, lang, digits=3, scaled=False)
    if kind in ("number", "times"):
        return number(value.value, lang, digits=3)
    return quantity(value.value, value.unit, lang)


def listed(names: list[str], lang: Lang) -> str:
    """Join names: A, B and C; A、B和C."""
    if len(names) < 2:
        return "".join(names)
    comma, last = (", ", " and ") if lang == "en" else ("、", "和")
    return comma.join(names[:-1]) + last + names[-1]


def _entity(dataset: Dataset, entity_id: str, lang: Lang) -> str:
    entity = dataset.entities.get(entity_id)
    return entity.name(lang) if entity else entity_id


def _indicator(dataset: Dataset, indicator_id: str, lang: Lang) -> str:
    indicator = dataset.indicators.get(indicator_id)
    if indicator is None:
        return indicator_id
    name = indicator.name(lang)
    # within an English sentence: Net profit → net profit; GDP and Nature Index stay
    return name[:1].lower() + name[1:] if lang == "en" and _COMMON.match(name) else name
