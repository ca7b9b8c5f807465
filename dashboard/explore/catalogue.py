"""What the browser has to know before it can answer: indicators, entities, words, number forms. JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from dashboard import locale, vocabulary
from dashboard.dataset import Dataset, Lang
from dashboard.explore.compact import having
from dashboard.explore.offers import POPULATIONS, RATES, deflator_for, is_link, offers
from dashboard.explore.parts import role
from dashboard.explore.state import DEFAULT, default
from dashboard.locale import numbers

GROUPS = vocabulary.words("entities", "group")


def catalogue(dataset: Dataset, lang: Lang) -> dict[str, Any]:
    """Return the catalogue of a language: see ``assets/js/explore`` for its readers.

    An indicator is ``{n: name, u: unit, k: kind, f: frequency, b: better, s: scale, o: offers, e: numbers of
    the entities that have it, l: chain-linked, d: its deflator}``; an entity ``{n: name, k: kind, r: role}``;
    a gap ``[indicator, entity, what was looked for]``.
    """
    place = {e: n for n, e in enumerate(dataset.entities)}
    first = default(dataset)
    units, scales = numbers.forms(lang)
    return {
        "lang": lang,
        "version": dataset.version,
        "brand": locale.text("pages.brand", lang),
        "messages": {k: v for k, v in locale.messages(lang).items() if k.startswith("explorer.")},
        "steps": scales,
        "units": units,
        "unitNames": numbers.bare_names(lang),
        "bare": sorted(numbers.BARE),
        "unscaled": sorted(numbers.UNSCALED),
        "default": asdict(first),
        "canonical": asdict(DEFAULT) if first == DEFAULT else None,
        "reference": DEFAULT.reference,
        "populations": [p for p in POPULATIONS if p in dataset.indicators],
        "rates": RATES,
        "gaps": [[g.indicator_id, g.entity_id, g.looked_for(lang)] for g in dataset.gaps],
        "groups": {g: dataset.group(g) for g in GROUPS if dataset.group(g)},
        "entities": {
            e.entity_id: {"n": e.name(lang), "k": e.kind, "r": role(dataset, e.entity_id)}
            for e in dataset.entities.values()
        },
        "indicators": {
            i.indicator_id: {
                "n": i.name(lang), "u": i.unit, "k": i.kind, "f": i.frequency, "b": i.better, "s": i.scale,
                "o": offers(i, dataset),
                "e": sorted(place[e] for e in having(dataset, i.indicator_id)),
                **({"l": 1} if is_link(i) else {}),
                "d": deflator_for(i),
            }
            for i in dataset.indicators.values()
        },
    }  # fmt: skip


def as_json(dataset: Dataset, lang: Lang) -> bytes:
    """Return :func:`catalogue` as compact UTF-8 JSON."""
    return json.dumps(catalogue(dataset, lang), ensure_ascii=False, separators=(",", ":")).encode()
