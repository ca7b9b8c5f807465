"""The map: distances, the projection, the cut at the frame."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures import land
from tools import land as outlines

SHENZHEN, HANGZHOU = (114.06, 22.54), (120.15, 30.27)
places = st.tuples(st.floats(95, 140), st.floats(10, 45))


def distance_km(a: land.Place, b: land.Place) -> float:
    """The great-circle distance by the haversine formula."""
    (lon_a, lat_a), (lon_b, lat_b) = ((math.radians(v) for v in p) for p in (a, b))
    across = math.sin((lon_b - lon_a) / 2) ** 2
    h = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * across
    return 2 * land.EARTH_RADIUS_KM * math.asin(math.sqrt(h))


@given(places)
def test_distances_from_the_centre_are_true(place: land.Place) -> None:
    assert math.hypot(*land.project(place)) == pytest.approx(distance_km(place, land.CENTRE), abs=1e-3)


def test_outlines_lie_in_asia_and_cities_from_west_to_east_on_land() -> None:
    rings = outlines.degrees()
    assert all(60 <= x <= 155 and 0 <= y <= 60 for ring in rings for x, y in ring)
    for city in (SHENZHEN, HANGZHOU, (116.4, 39.9), (84.9, 45.6), (91.1, 29.6), (131.0, 45.3)):
        assert sum(inside(city, ring) for ring in rings) % 2 == 1
    assert not any(inside((128.0, 20.0), ring) for ring in rings)  # the Philippine Sea


def test_the_shipped_coastline_is_what_the_tool_writes_and_fills_the_frame_alone() -> None:
    assert land.RINGS.read_text("utf-8") == outlines.written()
    left, bottom, right, top = land.BOX
    assert all(left <= x <= right and bottom <= y <= top for ring in land.rings() for x, y in ring)


def test_clip_cuts_a_square_to_its_corner() -> None:
    square = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]
    corner = outlines.clip(square, (1.0, 1.0, 3.0, 3.0))
    assert sorted(corner) == [(1.0, 1.0), (1.0, 2.0), (2.0, 1.0), (2.0, 2.0)]
    assert outlines.clip(square, (5.0, 5.0, 6.0, 6.0)) == []


def inside(place: land.Place, ring: list[land.Place]) -> bool:
    """Return whether a place lies in a ring, by crossings of a ray."""
    x, y = place
    hits = 0
    for (ax, ay), (bx, by) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
            hits += 1
    return hits % 2 == 1
