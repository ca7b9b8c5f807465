"""What a figure says in words: a language, a form, and the dataset's names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard.dataset import Dataset, Lang
from dashboard.figures.record import Form
from dashboard.locale import has, number, percent, period, quantity, text, times


@dataclass(frozen=True)
class Speech:
    """Who speaks: a figure's id, the dataset, the reader's language and the form."""

    figure: str
    data: Dataset
    lang: Lang
    form: Form = "wide"

    @property
    def narrow(self) -> bool:
        """Whether the picture is for a phone."""
        return self.form == "narrow"

    def say(self, key: str, /, **values: object) -> str:
        """Return the message ``figures.<key>``."""
        return text(f"figures.{key}", self.lang, **values)

    def own(self, part: str, /, **values: object) -> str:
        """Return this figure's message; on a narrow form the one ending in ``.narrow``, if any."""
        key = f"figures.{self.figure}.{part}"
        if self.narrow and has(f"{key}.narrow", self.lang):
            key += ".narrow"
        return text(key, self.lang, **values)

    def name(self, entity_id: str) -> str:
        """Return an entity's name; the id itself when the dataset has no such entity."""
        entity = self.data.entities.get(entity_id)
        return entity.name(self.lang) if entity else entity_id

    def short(self, entity_id: str, *, always: bool = False) -> str:
        """Return a city's name, on a narrow form (or ``always``) its abbreviation where there is one."""
        key = f"figures.short.{entity_id}"
        return (
            text(key, self.lang) if (self.narrow or always) and has(key, self.lang) else self.name(entity_id)
        )

    def brief(self, indicator_id: str, *, always: bool = False) -> str:
        """Return an indicator's name, on a narrow form (or ``always``) a short one where there is one."""
        key = f"figures.brief.{indicator_id}"
        return (
            text(key, self.lang)
            if (self.narrow or always) and has(key, self.lang)
            else self.indicator(indicator_id)
        )

    def names(self, entity_ids: Iterable[str]) -> str:
        """Return names joined as the language joins them."""
        return self.join([self.name(e) for e in entity_ids])

    def join(self, words: Sequence[str]) -> str:
        """Join words: ``a, b and c``; ``甲、乙和丙``."""
        if len(words) < 2:
            return "".join(words)
        return self.say("join.last", first=self.say("join.comma").join(words[:-1]), last=words[-1])

    def indicator(self, indicator_id: str) -> str:
        """Return an indicator's name; the id itself when the dataset has no such indicator."""
        found = self.data.indicators.get(indicator_id)
        return found.name(self.lang) if found else indicator_id

    def q(self, value: float, unit: str, digits: int = 3) -> str:
        """Write a value with its unit."""
        return quantity(value, unit, self.lang, digits=digits)

    def pct(self, value: float, digits: int = 1) -> str:
        """Write a percentage."""
        return percent(value, self.lang, digits=digits)

    def num(self, value: float, digits: int = 3) -> str:
        """Write a bare number."""
        return number(value, self.lang, digits=digits)

    def times(self, value: float) -> str:
        """Write a factor."""
        return times(value, self.lang)

    def per(self, when: str) -> str:
        """Write a period."""
        return period(when, self.lang)

    def span(self, first: str, last: str) -> str:
        """Write a span of periods."""
        return first if first == last else f"{first}–{last}"
