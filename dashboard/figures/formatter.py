"""The words of a figure, for one language and form, with the dataset's names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard import locale
from dashboard.dataset import Dataset, Lang
from dashboard.figures.record import Form


@dataclass(frozen=True)
class Formatter:
    figure: str
    data: Dataset
    lang: Lang
    form: Form = "wide"

    @property
    def narrow(self) -> bool:
        return self.form == "narrow"

    def msg(self, key: str, /, **values: object) -> str:
        return locale.text(f"figures.{key}", self.lang, **values)

    def name(self, entity_id: str) -> str:
        entity = self.data.entities.get(entity_id)
        return entity.name(self.lang) if entity else entity_id

    def indicator(self, indicator_id: str) -> str:
        found = self.data.indicators.get(indicator_id)
        return found.name(self.lang) if found else indicator_id

    def short_name(self, entity_id: str, *, always: bool = False) -> str:
        return self._short(f"short.{entity_id}", self.name(entity_id), always)

    def short_indicator(self, indicator_id: str, *, always: bool = False) -> str:
        return self._short(f"brief.{indicator_id}", self.indicator(indicator_id), always)

    def _short(self, key: str, full: str, always: bool) -> str:
        short = (self.narrow or always) and locale.has(f"figures.{key}", self.lang)
        return self.msg(key) if short else full

    def names(self, entity_ids: Iterable[str]) -> str:
        return locale.join([self.name(e) for e in entity_ids], self.lang)

    def fmt(self, value: float, unit: str, digits: int | None = 3) -> str:
        return locale.quantity(value, unit, self.lang, digits=digits)

    def fmt_all(self, values: Sequence[float], unit: str) -> list[str]:
        """Write values that stand beside each other with as many digits as tell them apart."""
        return locale.write_apart(values, lambda v, digits: self.fmt(v, unit, digits))

    def fmt_period(self, period: str) -> str:
        return locale.period(period, self.lang)

    def fmt_span(self, first: str, last: str) -> str:
        return first if first == last else f"{first}–{last}"
