"""One visual language: colour roles and strokes, for charts, pages and pictures alike.

Only ``palette.json`` and ``assets/css/tokens.css``, which is made from it, know colours. Shenzhen is blue and
Hangzhou vermilion, which colour-blind readers can tell apart; a company takes its city's colour.
"""

import json
from collections.abc import Iterable
from functools import lru_cache
from itertools import cycle
from pathlib import Path
from typing import Literal

Theme = Literal["light", "dark", "print"]
THEMES: tuple[Theme, ...] = ("light", "dark", "print")
Paint = Theme | Literal["css"]
"""A theme, or the custom properties by which a page has the reader's."""

PALETTE: dict[Theme, dict[str, str]] = json.loads(Path(__file__).with_name("palette.json").read_text("utf-8"))
"""Colours (``#RRGGBB``) by theme and role."""
SERIES = tuple(role for role in PALETTE["light"] if role.startswith("series_"))
DASHES: dict[str, str] = {"solid": "", "dash": "6 4", "dot": "2 3"}
LINE_OPACITY = {"background": 0.6}
"""Of lines of a role that are not opaque: the grid stays visible through hundreds in the background."""


def colour(role: str, paint: Paint = "light") -> str:
    """Return the colour of a role; an unknown role is ``quiet``, so that nothing shouts."""
    role = role if role in PALETTE["light"] else "quiet"
    return f"var(--{role})" if paint == "css" else PALETTE[paint][role]


def text_role(role: str) -> str:
    """Return the role in which words of a role are set: quiet lines are seen, quiet words hardly read."""
    return "muted" if role in ("quiet", "background") else role


def entity_role(entity_id: str, city_id: str = "") -> str:
    """Return the colour role of an entity: a city's own, a company's city's, else ``quiet``."""
    return next((e for e in (entity_id, city_id) if e in PALETTE["light"]), "quiet")


def entity_roles(entities: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the roles of the entities of a chart, each given with its city: no two share a city's colour."""
    out: dict[str, str] = {}
    others = cycle(SERIES)
    for entity_id, city_id in sorted(entities, key=lambda e: e[0] not in PALETTE["light"]):
        role = entity_role(entity_id, city_id)
        out[entity_id] = next(others) if role != "quiet" and role in out.values() else role
    return out


def mix(paper: str, tint: str, share: float) -> str:
    """Return the colour ``share`` of the way from ``paper`` to ``tint``, in sRGB."""
    if paper.startswith("var("):
        return f"color-mix(in srgb,{tint} {100 * share:.4g}%,{paper})"
    parts = ((int(paper[i : i + 2], 16), int(tint[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in parts)


def cell_colour(ramp: str, shade: float | None, paint: Paint = "light") -> str:
    """Return the colour of a heat map's field: 6% to 92% of the ramp's colour; ``None`` is the bare paper."""
    paper = colour("paper", paint)
    return paper if shade is None else mix(paper, colour(ramp, paint), 0.06 + 0.86 * shade)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@lru_cache(4096)
def luminance(rgb: str) -> float:
    """Return the relative luminance of ``#RRGGBB``, 0 to 1 (WCAG 2.2)."""
    parts = [int(rgb[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
