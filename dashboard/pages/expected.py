"""When the next figure of an indicator is expected, from its frequency and its newest document."""

from collections.abc import Iterable

import pandas as pd

from dashboard import locale
from dashboard.dataset import Dataset, Indicator, Lang, Source

STEPS = {"annual": 12, "quarterly": 3, "monthly": 1}
"""Months from one figure to the next; what is daily or irregular is expected on no day of its own."""
DISCONTINUED_AFTER = 24
"""Months overdue after which a series counts as discontinued."""


def expected(
    indicator: Indicator, period: str, documents: Iterable[Source], today: str
) -> tuple[str, str, int] | None:
    """Return the period after ``period``, the month (``YYYY-MM``) its figure is due, months it is late by.

    It is due one rhythm after the first document that gave the figure of ``period``; where no document says
    when it was published, in the month after the next period's end. ``today`` (``YYYY-MM-DD``) is the day
    the dataset was collected. ``None`` where the rhythm is daily or irregular.
    """
    step = STEPS.get(indicator.frequency)
    if step is None:
        return None
    start = pd.Period(period).asfreq("M", how="start")
    following = (start + step).asfreq(pd.Period(period).freqstr)
    published = min((s.published for s in documents if len(s.published) >= 7), default="")
    first = pd.Period(published[:7]) if published else start
    due = first + step if first > start else start + 2 * step
    late = (pd.Period(today[:7]) - due).n if today else 0
    return str(following).replace("Q", "-Q"), str(due), late


def expected_in_words(dataset: Dataset, indicator: Indicator, last: tuple[str, list[str]], lang: Lang) -> str:
    """Say when the next figure of an indicator is expected; ``last``: its entry of ``table.newest``."""
    documents = [dataset.sources[s] for s in last[1] if s in dataset.sources]
    coming = expected(indicator, last[0], documents, dataset.collected)
    if coming is None:
        return locale.text("pages.expected.none", lang)
    period, month, late = coming
    if late > DISCONTINUED_AFTER:
        return locale.text("pages.expected.discontinued", lang)
    key = f"pages.expected.{'overdue' if late > 0 else 'about'}"
    return locale.text(key, lang, period=locale.period(period, lang), when=locale.period(month, lang))
