"""Answers too large for memory come in pieces; what many ask for at once is made once."""

from __future__ import annotations

import gzip
import threading

import pytest
from flask.testing import FlaskClient

from dashboard.pages import api, catalogue
from dashboard.pages.streams import STREAMS
from dashboard.site import Site


@pytest.fixture
def in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "MANY", 0)
    monkeypatch.setattr(catalogue, "LARGE", 0)


@pytest.mark.parametrize(
    "path", ["/api/v1/observations.csv?indicator=gdp", "/data/table/observations/people.csv"]
)
def test_an_answer_in_pieces_is_the_same_answer(
    client: FlaskClient, path: str, request: pytest.FixtureRequest
) -> None:
    whole = client.get(path)
    request.getfixturevalue("in_pieces")
    pieces = client.get(path, buffered=True)
    assert pieces.data == whole.data
    assert pieces.headers["Content-Disposition"] == whole.headers["Content-Disposition"]
    zipped = client.get(path, headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == whole.data
    again = client.get(path, headers={"If-None-Match": zipped.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.usefixtures("in_pieces")
def test_answers_in_pieces_leave_threads_for_pages(client: FlaskClient) -> None:
    path = "/api/v1/observations.csv?indicator=gdp"
    taken = [client.get(path, buffered=False) for _ in range(STREAMS)]
    refused = client.get(path)
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert client.head("/en/claims").status_code == 200
    for answer in taken:
        answer.close()
    assert client.get(path, buffered=True).status_code == 200


def test_a_file_can_be_had_in_ranges(client: FlaskClient) -> None:
    whole = client.get("/data/pursuit.zip")
    part = client.get("/data/pursuit.zip", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, whole.data[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole.data)}"
    beyond = client.get("/data/pursuit.zip", headers={"Range": "bytes=999999999-"})
    assert beyond.status_code == 416


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    for path in ("/", "/api/v1/sources", "/explore"):
        answer = client.post(path)
        assert answer.status_code == 405
        assert {"GET", "HEAD"} <= set(answer.headers["Allow"].split(", "))


def test_what_many_ask_for_at_once_is_made_once(site: Site) -> None:
    begun, go, made = threading.Event(), threading.Event(), []

    def make() -> bytes:
        begun.set()
        assert go.wait(60)
        made.append(1)
        return b"made"

    answers: list[bytes] = []
    ask = lambda: answers.append(site.cache.get(("test", "once"), make, "text/plain").body)  # noqa: E731
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert begun.wait(60)
    go.set()
    for thread in threads:
        thread.join(60)
    assert answers == [b"made"] * 4
    assert made == [1]
    assert not site.cache._in_progress
