"""Verdicts in words: sentences in the reader's language whose numbers stay separate from the text."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from string import Formatter

from dashboard import locale
from dashboard.claims.evaluate import Verdict
from dashboard.claims.find import record_numbers
from dashboard.claims.finding import Finding, Number
from dashboard.claims.record import Claim
from dashboard.dataset import Dataset, Entity, Indicator, Lang
from dashboard.locale import text

_BOUNDARY = re.compile(r"[㐀-鿿][0-9A-Za-z%°−+]|[0-9A-Za-z%°−+][㐀-鿿]")
_COMMON = re.compile(r"[A-Z](?:[a-z]+|-)*(?: (?![A-Z][a-z])|$)")
_FORMATTER = Formatter()
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
    if not finding.rows:
        template = claim.text("proposition", lang) if key == "title" else text("claims.nothing", lang)
        return format_message(template, record_numbers(claim.parts), dataset, lang)
    untested = [claim.text(f"parts.{name}", lang) for name, f in finding.parts.items() if not f.rows]
    if untested:
        nothing = text("claims.nothing_for", lang, parts=locale.join(untested, lang))
        template = claim.text("proposition", lang) if key == "title" else nothing
        return format_message(template, record_numbers(claim.parts), dataset, lang)
    return format_message(claim.text(key, lang, finding.outcome), finding.numbers, dataset, lang)


def proposition(claim: Claim, dataset: Dataset, lang: Lang) -> str:
    return format_message(claim.text("proposition", lang), record_numbers(claim.parts), dataset, lang).text


def margin_sentence(verdict: Verdict, dataset: Dataset, lang: Lang) -> Sentence | None:
    """Return what would flip the verdict, or ``None`` where nothing that was tried does."""
    margin = verdict.margin
    return None if margin is None else format_message(text(margin.key, lang), margin.numbers, dataset, lang)


def deciding_number(finding: Finding, dataset: Dataset, lang: Lang) -> str:
    """Return the number that is held against the threshold, written out; empty where there is none."""
    number = finding.numbers.get(finding.deciding)
    return "" if number is None else format_number(number, dataset, lang)


def outcome_name(outcome: str, lang: Lang) -> str:
    return text(f"claims.outcome.{outcome}", lang)


def format_message(template: str, numbers: Mapping[str, Number], dataset: Dataset, lang: Lang) -> Sentence:
    """Fill a text's ``{names}``; raises ``KeyError`` for a number that is not there.

    Different numbers of one kind and unit are written with as many digits as tell them apart.
    """
    pieces = [(literal, name or "") for literal, name, _, _ in _FORMATTER.parse(template)]
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
    """Return how numbers of one text are written: different ones of one kind and unit never alike."""
    groups: dict[tuple[str, str], list[Number]] = {}
    for number in dict.fromkeys(numbers):
        groups.setdefault((number.kind, number.unit), []).append(number)
    written: dict[Number, str] = {}
    for group in groups.values():
        if group[0].kind in TEXTS:
            written |= {n: _text(n, dataset, lang) for n in group}
        else:
            write = partial(_value, group[0], lang)
            values = locale.write_apart([n.value for n in group], write)
            written |= zip(group, values, strict=True)
    return written


def _text(number: Number, dataset: Dataset, lang: Lang) -> str:
    """Write names, a period or an outcome; unknown entities and indicators appear by their ids."""
    if number.kind == "outcome":
        return outcome_name(number.text, lang)
    if number.kind == "period":
        return locale.period(number.text, lang)
    known: Mapping[str, Entity | Indicator] = (
        dataset.entities if number.kind == "entities" else dataset.indicators
    )
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
