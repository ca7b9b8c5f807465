"""The coastline of Asia, and where a place lies on its map, in kilometres from the map's centre.

Azimuthal equidistant on a sphere (Snyder, *Map Projections: A Working Manual*, 1987, p. 195), so that
distances from the centre are true. ``land.json`` is projected already, by ``python -m tools.land``.
"""

import json
import math
from functools import cache
from pathlib import Path

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""
CENTRE = (108.0, 34.5)
"""Longitude and latitude at the middle of the map."""
BOX = (-2250.0, -2000.0, 2150.0, 2000.0)
"""Its edges in kilometres from there: left, bottom, right, top."""
RINGS = Path(__file__).with_name("land.json")
Place = tuple[float, float]
"""Longitude, latitude in degrees; or x, y in kilometres once projected."""


@cache
def rings() -> tuple[tuple[Place, ...], ...]:
    return tuple(tuple((x, y) for x, y in ring) for ring in json.loads(RINGS.read_text("utf-8"))["rings"])


def project(place: Place) -> Place:
    """Return kilometres east and north of the map's centre of a (longitude, latitude)."""
    lon, lat, lon0, lat0 = (math.radians(v) for v in (*place, *CENTRE))
    cos_c = math.sin(lat0) * math.sin(lat) + math.cos(lat0) * math.cos(lat) * math.cos(lon - lon0)
    c = math.acos(max(-1.0, min(1.0, cos_c)))
    k = EARTH_RADIUS_KM * (c / math.sin(c) if c > 1e-12 else 1.0)
    x = k * math.cos(lat) * math.sin(lon - lon0)
    y = k * (math.cos(lat0) * math.sin(lat) - math.sin(lat0) * math.cos(lat) * math.cos(lon - lon0))
    return x, y
