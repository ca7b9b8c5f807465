"""The coastline of Asia and a projection in kilometres, for the map of the two cities.

Outlines: Natural Earth 1:50m land, public domain (``land_asia.json``); coasts only, no borders.
Projection: azimuthal equidistant on a sphere (Snyder, *Map Projections: A Working Manual*, 1987, p. 195),
so that distances from the centre are true and one unit is one kilometre on both axes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""
Place = tuple[float, float]
"""Longitude, latitude in degrees; or x, y in kilometres once projected."""
Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""


@cache
def outlines() -> tuple[tuple[Place, ...], ...]:
    """Return the shipped rings of (longitude, latitude)."""
    path = Path(__file__).with_name("land_asia.json")
    rings = json.loads(path.read_text("utf-8"))["rings"]
    return tuple(tuple((float(x), float(y)) for x, y in ring) for ring in rings)


def distance_km(a: Place, b: Place) -> float:
    """Return the great-circle distance between two (longitude, latitude), by the haversine formula."""
    (lon_a, lat_a), (lon_b, lat_b) = ((math.radians(v) for v in p) for p in (a, b))
    h = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * (
        math.sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(h))


def project(place: Place, centre: Place) -> Place:
    """Return kilometres east and north of ``centre`` in the azimuthal equidistant projection."""
    lon, lat, lon0, lat0 = (math.radians(v) for v in (*place, *centre))
    cos_c = math.sin(lat0) * math.sin(lat) + math.cos(lat0) * math.cos(lat) * math.cos(lon - lon0)
    c = math.acos(max(-1.0, min(1.0, cos_c)))
    k = EARTH_RADIUS_KM * (c / math.sin(c) if c > 1e-12 else 1.0)
    x = k * math.cos(lat) * math.sin(lon - lon0)
    y = k * (math.cos(lat0) * math.sin(lat) - math.sin(lat0) * math.cos(lat) * math.cos(lon - lon0))
    return x, y


def land_rings(centre: Place, box: Box) -> tuple[tuple[Place, ...], ...]:
    """Return the coastline around ``centre`` in kilometres, cut at ``box`` (kilometres)."""
    cut = (clip([project(p, centre) for p in _dense(ring)], box) for ring in outlines())
    return tuple(tuple((round(x, 1), round(y, 1)) for x, y in ring) for ring in cut if len(ring) > 2)


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
