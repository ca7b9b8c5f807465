"""«How measured»: a record in words, line by line, in the reader's language."""

from __future__ import annotations

from dashboard.claims.finding import what, who
from dashboard.claims.parse import Part
from dashboard.claims.record import Claim
from dashboard.claims.words import listed, shown
from dashboard.dataset import Dataset, Lang
from dashboard.locale import period, text

Line = tuple[str, str]


def measured(claim: Claim, dataset: Dataset, lang: Lang) -> list[Line]:
    """Return (name, words) of everything a record sets; a rule in several parts has its parts one by one."""
    lines: list[Line] = []
    for name, part in claim.parts.items():
        if name:
            lines.append((text("claims.record.part", lang), claim.text(f"parts.{name}", lang)))
        lines += _part(part, dataset, lang)
    for key in ("field", "threshold", "not_testable"):
        words = claim.text(key, lang)
        if words:
            lines.append((text(f"claims.record.why_{key}", lang), words))
    if claim.threshold_since and claim.testable:
        lines.append((text("claims.record.threshold_since", lang), period(claim.threshold_since, lang)))
    return lines


def _part(part: Part, dataset: Dataset, lang: Lang) -> list[Line]:
    params = part.params
    names = {
        "kind": text(f"claims.kind.{part.kind}", lang),
        "measure": _measure(part, dataset, lang),
        "of": _field(part, "of", dataset, lang),
        "to": _field(part, "to", dataset, lang),
        "holds": "" if params.holds is None else _sign(str(params.holds)),
        "share": "" if params.share is None else _sign(str(params.share)),
        "window": _window(part, lang),
        "independent": text("claims.record.yes", lang) if params.independent else "",
    }
    return [(text(f"claims.record.{k}", lang), words) for k, words in names.items() if words]


def _measure(part: Part, dataset: Dataset, lang: Lang) -> str:
    params = part.params

    def name(indicator: str) -> str:
        known = indicator in dataset.indicators
        return shown(what(indicator if known else f"{indicator}_usd"), dataset, lang)

    words = listed(
        [name(i) for i in (*([params.indicator] if params.indicator else []), *params.indicators)], lang
    )
    for key in ("minus", "per", "fallback", "against"):
        if getattr(params, key):
            words = text(f"claims.record.measure.{key}", lang, words=words, other=name(getattr(params, key)))
    return text("claims.record.measure.constant", lang, words=words) if params.prices else words


def _field(part: Part, side: str, dataset: Dataset, lang: Lang) -> str:
    found = getattr(part.params, side)
    if not found:
        return ""
    words = shown(who(*found.entities), dataset, lang)
    return text(f"claims.record.take.{found.take}", lang, words=words) if found.take else words


def _window(part: Part, lang: Lang) -> str:
    params = part.params
    said = [
        text(f"claims.record.window.{key}", lang, value=period(str(value), lang) if key != "years" else value)
        for key in ("since", "until", "date", "years")
        if (value := getattr(params, key))
    ]
    return text("figures.join.semicolon", lang).join(said)


def _sign(condition: str) -> str:
    return condition.replace(">=", "≥").replace("<=", "≤").replace("-", "−")
