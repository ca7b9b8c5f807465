"""One visual language: colour roles, type sizes and strokes, for charts, pages and pictures alike.

Charts name roles (``shenzhen``, ``muted``); only this module and ``assets/css/tokens.css`` (checked
against it by a test) know colours. Shenzhen is blue and Hangzhou vermilion everywhere, a pair that
colour-blind readers can tell apart; a company takes its city's colour; everything else is grey. Where a chart
shows several of one city, all but the first take ``series_1`` …
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import cycle
from typing import Literal

Theme = Literal["light", "dark", "print"]
THEMES: tuple[Theme, ...] = ("light", "dark", "print")

SANS = "Noto Sans"
SERIF = "Noto Serif"

PALETTE: dict[Theme, dict[str, str]] = {
    "light": {
        "paper": "#FBF9F5", "raised": "#FFFFFF", "ink": "#1A1B1E", "muted": "#5F636A", "rule": "#E4E0D8",
        "shenzhen": "#14539A", "hangzhou": "#C8431B", "suzhou": "#7565A8", "chongqing": "#4E8250",
        "beijing": "#6E6A5E", "shanghai": "#8A6D3B", "guangzhou": "#3F7F87", "hong_kong": "#9B4F72",
        "nanjing": "#7A7466", "quiet": "#8A8D91", "background": "#D9D8D5", "supported": "#2E7D4F",
        "contradicted": "#A8322A", "mixed": "#8A6000", "no_public_data": "#6B6F76", "land": "#E6E1D6",
        "highlight": "#F3E9C6", "series_1": "#0B7A8C", "series_2": "#6250C8", "series_3": "#9A5B00",
        "series_4": "#B0286E", "series_5": "#56782A",
    },
    "dark": {
        "paper": "#16171A", "raised": "#1F2125", "ink": "#ECEAE4", "muted": "#A5A8AE", "rule": "#34363B",
        "shenzhen": "#7DB2F0", "hangzhou": "#FF8A63", "suzhou": "#B5A7E6", "chongqing": "#8CC48E",
        "beijing": "#B4AE9E", "shanghai": "#D1B37E", "guangzhou": "#83C3CB", "hong_kong": "#DC93B4",
        "nanjing": "#B8B1A0", "quiet": "#8F9298", "background": "#303236", "supported": "#6CC08D",
        "contradicted": "#F0877D", "mixed": "#DDB04A", "no_public_data": "#A5A8AE", "land": "#2B2D31",
        "highlight": "#4A4222", "series_1": "#5CC7D6", "series_2": "#B3A6FF", "series_3": "#E3B341",
        "series_4": "#F08BBF", "series_5": "#A9CF73",
    },
    "print": {
        "paper": "#FFFFFF", "raised": "#FFFFFF", "ink": "#000000", "muted": "#4D4D4D", "rule": "#D0D0D0",
        "shenzhen": "#0B2E57", "hangzhou": "#D9572B", "suzhou": "#7F7F7F", "chongqing": "#5A5A5A",
        "beijing": "#8C8C8C", "shanghai": "#6E6E6E", "guangzhou": "#999999", "hong_kong": "#767676",
        "nanjing": "#A3A3A3", "quiet": "#8C8C8C", "background": "#DCDCDC", "supported": "#1F5C39",
        "contradicted": "#8A1F18", "mixed": "#6B4A00", "no_public_data": "#5A5A5A", "land": "#E5E5E5",
        "highlight": "#EEEEEE", "series_1": "#6A6A6A", "series_2": "#474747", "series_3": "#858585",
        "series_4": "#383838", "series_5": "#757575",
    },
}  # fmt: skip

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
