"""When the next figure of an indicator is expected, from its frequency and its newest document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from dashboard import locale
from dashboard.dataset import Dataset, Indicator, Lang, Source

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
    following = (start + step).asfreq(pd.Period(period).freqstr)
    days = sorted(s.published for s in documents if len(s.published) >= 7)
    given = _month(days[0][:7]) if days else start
    due = given + step if given > start else start + 2 * step
    late = (_month(today[:7]) - due).n if today else 0
    return Expected(str(following).replace("Q", "-Q"), str(due), late > 0, late > DISCONTINUED_AFTER)


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
    """Say when the next figure of an indicator is expected; ``last``: its entry of ``table.newest``."""
    documents = [dataset.sources[s] for s in last[1] if s in dataset.sources]
    return words(expected(indicator, last[0], documents, dataset.collected), lang)


def _month(period: str) -> pd.Period:
    """Return the first month of a period."""
    return pd.Period(period).asfreq("M", how="start")
