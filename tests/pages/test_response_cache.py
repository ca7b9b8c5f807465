"""Finished answers stay within their bounds, and expensive ones in their queue."""

from __future__ import annotations

import threading

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import ServiceUnavailable

from dashboard.response_cache import ENTRY_OVERHEAD, QUEUE, ResponseCache
from dashboard.site import Site


def test_keys_count_and_so_does_each_answer() -> None:
    cache = ResponseCache(max_bytes=50 * ENTRY_OVERHEAD)
    for n in range(300):
        cache.get((f"{n}" + "x" * 20_000,), lambda: b"tiny", "text/plain")
    assert len(cache) < 50
    assert cache.size <= 50 * ENTRY_OVERHEAD


def test_the_number_of_answers_is_bounded() -> None:
    cache = ResponseCache(max_bytes=10 * ENTRY_OVERHEAD)
    for n in range(50):
        cache.get((str(n),), lambda: b"", "text/plain")
    assert len(cache) == 10
    made: list[int] = []
    cache.get(("49",), lambda: made.append(1) or b"", "text/plain")
    assert made == [], "the newest are cache"


def test_a_full_queue_answers_at_once_and_empties_again() -> None:
    cache, free = ResponseCache(), threading.Event()

    def expensive(n: int) -> None:
        cache.get((str(n),), lambda: (free.wait(10) and b"") or b"", "image/png", expensive=True)

    threads = [threading.Thread(target=expensive, args=(n,)) for n in range(QUEUE)]
    for thread in threads:
        thread.start()
    while cache._queue._value:
        threading.Event().wait(0.01)
    with pytest.raises(ServiceUnavailable):
        cache.get(("more",), lambda: b"", "image/png", expensive=True)
    assert cache.get(("page",), lambda: b"page", "text/html").body == b"page", "pages get through"
    free.set()
    for thread in threads:
        thread.join(10)
    assert cache.get(("more",), lambda: b"now", "image/png", expensive=True).body == b"now"
    assert not cache._in_progress


def test_one_that_fails_leaves_no_lock_behind() -> None:
    cache = ResponseCache()
    for _ in range(QUEUE + 2):
        with pytest.raises(ZeroDivisionError):
            cache.get(("a",), lambda: bytes(1 // 0), "image/png", expensive=True)
    assert cache.get(("a",), lambda: b"x", "image/png", expensive=True).body == b"x"


def test_a_reader_of_a_full_queue_is_told_when_to_ask_again(
    client: FlaskClient, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "cache", ResponseCache())
    for _ in range(QUEUE):
        site.cache._queue.acquire()
    for path in ("/en/figure/gdp_overtaken.png", "/zh-hans/explore/figure.pdf?i=gdp", "/data/pursuit.zip"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "no-cache" in answer.headers["Cache-Control"]
    assert client.get("/en/figure/gdp_overtaken.csv").status_code == 200


def test_repeated_values_are_one_query(client: FlaskClient, site: Site) -> None:
    before = len(site.cache)
    for n in range(1, 5):
        answer = client.get("/api/v1/observations?indicator=gdp&entity=" + ",".join(["shenzhen"] * n))
        assert answer.status_code == 200
    assert len(site.cache) <= before + 1
