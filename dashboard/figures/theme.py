"""One visual language: colour roles, type sizes and strokes, for charts, pages and pictures alike.

Charts name roles (``shenzhen``, ``muted``); only ``palette.json`` and ``assets/css/tokens.css``, which is
made from it, know colours. Shenzhen is blue and Hangzhou vermilion everywhere, a pair that
colour-blind readers can tell apart; a company takes its city's colour; everything else is grey. Where a chart
shows several of one city, all but the first take ``series_1`` …
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import cycle
from pathlib import Path
from typing import Literal

Theme = Literal["light", "dark", "print"]
THEMES: tuple[Theme, ...] = ("light", "dark", "print")

PALETTE: dict[Theme, dict[str, str]] = json.loads(Path(__file__).with_name("palette.json").read_text("utf-8"))
"""Colours (``#RRGGBB``) by theme and role."""
DASHES: dict[str, str] = {"solid": "", "dash": "6 4", "dot": "2 3"}


def colour(role: str, theme: Theme = "light") -> str:
    """Return the colour (``#RRGGBB``) of a role; an unknown role is ``quiet``, so that nothing shouts."""
    palette = PALETTE[theme]
    return palette.get(role, palette["quiet"])


def line_opacity(role: str) -> float:
    """Return the opacity of lines of a role: the grid stays visible through hundreds in the background."""
    return 0.6 if role == "background" else 1.0


def text_role(role: str) -> str:
    """Return the role in which words of a role are set: quiet lines are seen, quiet words hardly read."""
    return "muted" if role in ("quiet", "background") else role


def entity_role(entity_id: str, city_id: str = "") -> str:
    """Return the colour role of an entity: a city's own, a company's city's, else ``quiet``."""
    palette = PALETTE["light"]
    if entity_id in palette:
        return entity_id
    return city_id if city_id in palette else "quiet"


SERIES = tuple(role for role in PALETTE["light"] if role.startswith("series_"))


def entity_roles(entities: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the roles of the entities of a chart, each given with its city: no two share a city's colour."""
    out: dict[str, str] = {}
    others = cycle(SERIES)
    for entity_id, city_id in sorted(entities, key=lambda e: e[0] not in PALETTE["light"]):
        role = entity_role(entity_id, city_id)
        out[entity_id] = next(others) if role != "quiet" and role in out.values() else role
    return out


def mix(paper: str, tint: str, share: float) -> str:
    """Return the colour ``share`` of the way from ``paper`` to ``tint`` (both ``#RRGGBB``, in sRGB)."""
    parts = ((int(paper[i : i + 2], 16), int(tint[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in parts)


def cell_colour(ramp: str, shade: float | None, theme: Theme = "light") -> str:
    """Return the colour of a heat map's field: 6% to 92% of the ramp's colour; ``None`` is the bare paper."""
    if shade is None:
        return colour("paper", theme)
    return mix(colour("paper", theme), colour(ramp, theme), 0.06 + 0.86 * min(1.0, max(0.0, shade)))


def luminance(rgb: str) -> float:
    """Return the relative luminance of ``#RRGGBB``, 0 to 1 (WCAG 2.2)."""
    linear = []
    for i in (1, 3, 5):
        c = int(rgb[i : i + 2], 16) / 255
        linear.append(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4)
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
