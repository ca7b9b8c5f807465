"""The map's coastline: ``python -m tools.land`` projects ``land_asia.json`` and cuts it at the map's edges.

Outlines: Natural Earth 1:50m land, public domain; coasts only, no borders.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path

from dashboard.figures.land import BOX, RINGS, Place, project

SOURCE = Path(__file__).with_name("land_asia.json")
Box = tuple[float, float, float, float]


def degrees() -> list[list[Place]]:
    """Return the rings of (longitude, latitude)."""
    return [[(x, y) for x, y in ring] for ring in json.loads(SOURCE.read_text("utf-8"))["rings"]]


def land_rings(box: Box = BOX) -> list[list[Place]]:
    """Return the coastline in kilometres, cut at ``box``."""
    cut = (clip([project(p) for p in _dense(ring)], box) for ring in degrees())
    return [[(round(x, 1), round(y, 1)) for x, y in ring] for ring in cut if len(ring) > 2]


def clip(ring: Sequence[Place], box: Box) -> list[Place]:
    """Return the part of a ring inside ``box`` (Sutherland and Hodgman, 1974)."""
    left, bottom, right, top = box
    edges: tuple[tuple[int, float, Callable[[float, float], bool]], ...] = (
        (0, left, float.__ge__),
        (0, right, float.__le__),
        (1, bottom, float.__ge__),
        (1, top, float.__le__),
    )
    out = list(ring)
    for axis, at, inside in edges:
        before, out = out, []
        for a, b in zip(before, before[1:] + before[:1], strict=True):
            if inside(float(a[axis]), float(at)):
                out.append(a)
            if inside(float(a[axis]), float(at)) != inside(float(b[axis]), float(at)):
                share = (at - a[axis]) / (b[axis] - a[axis])
                cut = [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]
                cut[axis] = float(at)  # exactly on the edge, so that the next edge sees no rounding
                out.append((cut[0], cut[1]))
    return out


def _dense(ring: Sequence[Place], step: float = 2.0) -> list[Place]:
    """Return the ring with places put into its long edges, so that they bend as the projection does."""
    out: list[Place] = []
    for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
        parts = max(1, math.ceil(max(abs(b[0] - a[0]), abs(b[1] - a[1])) / step))
        out += [(a[0] + (b[0] - a[0]) * n / parts, a[1] + (b[1] - a[1]) * n / parts) for n in range(parts)]
    return out


def written() -> str:
    """Return the file that ships: one ring a line, in kilometres."""
    rings = ",\n".join(json.dumps(ring, separators=(",", ":")) for ring in land_rings())
    about = "Land of Asia in the map's kilometres, from tools/land_asia.json; made with Natural Earth"
    return f'{{"about":"{about}","licence":"public domain","rings":[\n{rings}\n]}}\n'


if __name__ == "__main__":
    RINGS.write_text(written(), "utf-8")
