"""Finished answers stay within their bounds, and costly ones in their queue."""

from __future__ import annotations

import threading

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import ServiceUnavailable

from dashboard.rendered import OVERHEAD, QUEUE, Rendered
from dashboard.site import Site


def test_keys_count_and_so_does_each_answer() -> None:
    kept = Rendered(most_bytes=50 * OVERHEAD, most=1000)
    for n in range(300):
        kept.get((f"{n}" + "x" * 20_000,), lambda: b"tiny", "text/plain")
    assert len(kept) < 50
    assert kept.held <= 50 * OVERHEAD


def test_the_number_of_answers_is_bounded() -> None:
    kept = Rendered(most=10)
    for n in range(50):
        kept.get((str(n),), lambda: b"", "text/plain")
    assert len(kept) == 10
    made: list[int] = []
    kept.get(("49",), lambda: made.append(1) or b"", "text/plain")
    assert made == [], "the newest are kept"


def test_a_full_queue_answers_at_once_and_empties_again() -> None:
    kept, free = Rendered(), threading.Event()

    def costly(n: int) -> None:
        kept.get((str(n),), lambda: (free.wait(10) and b"") or b"", "image/png", costly=True)

    threads = [threading.Thread(target=costly, args=(n,)) for n in range(QUEUE)]
    for thread in threads:
        thread.start()
    while kept._queue._value:
        threading.Event().wait(0.01)
    with pytest.raises(ServiceUnavailable):
        kept.get(("more",), lambda: b"", "image/png", costly=True)
    assert kept.get(("page",), lambda: b"page", "text/html").body == b"page", "pages get through"
    free.set()
    for thread in threads:
        thread.join(10)
    assert kept.get(("more",), lambda: b"now", "image/png", costly=True).body == b"now"
    assert not kept._making


def test_one_that_fails_leaves_no_lock_behind() -> None:
    kept = Rendered()
    for _ in range(QUEUE + 2):
        with pytest.raises(ZeroDivisionError):
            kept.get(("a",), lambda: bytes(1 // 0), "image/png", costly=True)
    assert kept.get(("a",), lambda: b"x", "image/png", costly=True).body == b"x"


def test_a_reader_of_a_full_queue_is_told_when_to_ask_again(
    client: FlaskClient, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "rendered", Rendered())
    for _ in range(QUEUE):
        site.rendered._queue.acquire()
    for path in ("/en/figure/gdp_overtaken.png", "/zh-hans/explore/figure.pdf?i=gdp", "/data/pursuit.zip"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "no-cache" in answer.headers["Cache-Control"]
    assert client.get("/en/figure/gdp_overtaken.csv").status_code == 200


def test_repeated_values_are_one_query(client: FlaskClient, site: Site) -> None:
    before = len(site.rendered)
    for n in range(1, 5):
        answer = client.get("/api/v1/observations?indicator=gdp&entity=" + ",".join(["shenzhen"] * n))
        assert answer.status_code == 200
    assert len(site.rendered) <= before + 1
