"""When the next figure of an indicator is expected, from its frequency and its newest document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dashboard import locale
from dashboard.dataset import Dataset, Indicator, Lang, Source
from dashboard.site import collected

STEPS = {"annual": 12, "quarterly": 3, "monthly": 1}
"""Months from one figure to the next; what is daily or irregular is expected on no day of its own."""
DISCONTINUED_AFTER = 24
"""Months overdue after which a series counts as discontinued."""


@dataclass(frozen=True, slots=True)
class Expected:
    """The period that comes next and the month (``YYYY-MM``) in which its figure is due."""

    period: str
    month: str
    overdue: bool
    discontinued: bool = False


def expected(indicator: Indicator, period: str, documents: Iterable[Source], today: str) -> Expected | None:
    """Return what comes after ``period``: due one rhythm after the first document that gave its figure.

    Where no document says when it was published, the figure is due in the month after the next period's end.
    ``today`` (``YYYY-MM-DD``, the day the dataset was collected) decides what is overdue. ``None`` where the
    rhythm is daily or irregular.
    """
    step = STEPS.get(indicator.frequency)
    if step is None:
        return None
    start = _month(period)
    days = sorted(s.published for s in documents if len(s.published) >= 7)
    given = _month(days[0][:7]) if days else None
    due = given + step if given is not None and given > start else start + 2 * step
    month = _written(due)
    late = _month(today[:7]) - due if today else 0
    return Expected(_like(period, start + step), month, late > 0, late > DISCONTINUED_AFTER)


def words(found: Expected | None, lang: Lang) -> str:
    if found is None:
        return locale.text("pages.expected.none", lang)
    if found.discontinued:
        return locale.text("pages.expected.discontinued", lang)
    key = "overdue" if found.overdue else "about"
    return locale.text(
        f"pages.expected.{key}",
        lang,
        period=locale.period(found.period, lang),
        when=locale.period(found.month, lang),
    )


def of(dataset: Dataset, indicator: Indicator, last: tuple[str, list[str]], lang: Lang) -> str:
    """Say when the next figure of an indicator is expected; ``last``: its entry of ``table.newest()``."""
    documents = [dataset.sources[s] for s in last[1] if s in dataset.sources]
    return words(expected(indicator, last[0], documents, collected(dataset)), lang)


def _month(period: str) -> int:
    """Return the first month of a period as months since year 0."""
    year, _, rest = period.partition("-")
    if not rest:
        return int(year) * 12
    if rest.startswith("Q"):
        return int(year) * 12 + 3 * (int(rest[1:]) - 1)
    return int(year) * 12 + int(rest[:2]) - 1


def _written(months: int) -> str:
    return f"{months // 12}-{months % 12 + 1:02d}"


def _like(period: str, months: int) -> str:
    """Write the period that begins in a month the way ``period`` is written."""
    if "-" not in period:
        return str(months // 12)
    return f"{months // 12}-Q{months % 12 // 3 + 1}" if "Q" in period else _written(months)
