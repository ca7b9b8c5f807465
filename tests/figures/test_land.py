"""The map: distances, the great circle, the projection, the cut at the frame."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures import land

SHENZHEN, HANGZHOU = (114.06, 22.54), (120.15, 30.27)
places = st.tuples(st.floats(95, 140), st.floats(10, 45))


def test_a_quarter_of_the_equator() -> None:
    assert land.distance_km((0, 0), (90, 0)) == pytest.approx(math.pi / 2 * land.EARTH_RADIUS_KM)


@given(places, places)
def test_distances_from_the_centre_are_true(place: land.Place, centre: land.Place) -> None:
    assert math.hypot(*land.project(place, centre)) == pytest.approx(
        land.distance_km(place, centre), abs=1e-3
    )


def test_outlines_lie_in_asia_and_cities_from_west_to_east_on_land() -> None:
    rings = land.outlines()
    assert all(60 <= x <= 155 and 0 <= y <= 60 for ring in rings for x, y in ring)
    for city in (SHENZHEN, HANGZHOU, (116.4, 39.9), (84.9, 45.6), (91.1, 29.6), (131.0, 45.3)):
        assert sum(inside(city, ring) for ring in rings) % 2 == 1
    assert not any(inside((128.0, 20.0), ring) for ring in rings)  # the Philippine Sea


def test_nothing_is_drawn_outside_the_frame() -> None:
    box = (-500.0, -400.0, 500.0, 400.0)
    rings = land.land_rings((117.0, 26.5), box)
    assert rings
    assert all(-500 <= x <= 500 and -400 <= y <= 400 for ring in rings for x, y in ring)


def test_clip_cuts_a_square_to_its_corner() -> None:
    square = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]
    assert sorted(land.clip(square, (1.0, 1.0, 3.0, 3.0))) == [(1.0, 1.0), (1.0, 2.0), (2.0, 1.0), (2.0, 2.0)]
    assert land.clip(square, (5.0, 5.0, 6.0, 6.0)) == []


def inside(place: land.Place, ring: tuple[land.Place, ...]) -> bool:
    """Return whether a place lies in a ring, by crossings of a ray."""
    x, y = place
    hits = 0
    for (ax, ay), (bx, by) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
            hits += 1
    return hits % 2 == 1
