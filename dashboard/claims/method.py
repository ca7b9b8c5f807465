"""How a claim is measured: its record in words, line by line, in the reader's language."""

from dashboard.claims.finding import Number
from dashboard.claims.params import Part
from dashboard.claims.record import Claim
from dashboard.claims.sentences import format_number
from dashboard.dataset import Dataset, Lang
from dashboard.locale import join, period, text

MethodLine = tuple[str, str]


def method(claim: Claim, dataset: Dataset, lang: Lang) -> list[MethodLine]:
    lines: list[MethodLine] = []
    for name, part in claim.parts.items():
        if name:
            lines.append((text("claims.record.part", lang), claim.text(f"parts.{name}", lang)))
        words = _part(part, dataset, lang)
        lines += [(text(f"claims.record.{key}", lang), value) for key, value in words.items() if value]
    for key in ("field", "threshold", "not_testable"):
        if reason := claim.text(key, lang):
            lines.append((text(f"claims.record.why_{key}", lang), reason))
    if claim.threshold_since and claim.testable:
        lines.append((text("claims.record.threshold_since", lang), period(claim.threshold_since, lang)))
    return lines


def _part(part: Part, dataset: Dataset, lang: Lang) -> dict[str, str]:
    params = part.params
    window = [
        text(f"claims.record.window.{key}", lang, value=period(value, lang))
        for key, value in (("since", params.since), ("until", params.until), ("date", params.date))
        if value
    ]
    window += [text("claims.record.window.years", lang, value=params.years)] if params.years else []
    fields = {}
    for side, field in (("of", params.of), ("to", params.to)):
        names = format_number(Number.entities(*field.entities), dataset, lang) if field else ""
        fields[side] = text(f"claims.record.take.{field.take}", lang, words=names) if field.take else names
    return {
        "kind": text(f"claims.kind.{part.kind}", lang),
        "measure": _measure(part, dataset, lang),
        **fields,
        "holds": _condition(params.holds),
        "share": _condition(params.share),
        "window": text("figures.join.semicolon", lang).join(window),
        "independent": text("claims.record.yes", lang) if params.independent else "",
    }


def _measure(part: Part, dataset: Dataset, lang: Lang) -> str:
    params = part.params

    def name(indicator: str) -> str:
        known = indicator if indicator in dataset.indicators else f"{indicator}_usd"
        return format_number(Number.indicators(known), dataset, lang)

    words = join([name(i) for i in (params.indicator, *params.indicators) if i], lang)
    for key in ("minus", "per", "fallback", "against"):
        if other := getattr(params, key):
            other = name(other)
            if key == "per" and params.base:
                other = text("figures.value_of", lang, value=other, period=period(params.base, lang))
            words = text(f"claims.record.measure.{key}", lang, words=words, other=other)
    return words


def _condition(condition: object) -> str:
    return str(condition or "").replace(">=", "≥").replace("<=", "≤").replace("-", "−")
