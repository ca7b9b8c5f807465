"""Whatever a server does, a fetch ends: with the right bytes, or with one clear line and no secret."""

# ruff: noqa: E501, S104 - tables of cases read better on one line each

from __future__ import annotations

import gzip
import json
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from etl_support import Conversation, FakeClock, TableSource, csv_answer, serving

from etl.answers import retry_after
from etl.errors import FetchError, UsageError
from etl.http import Addresses, Fetcher
from etl.network import Cancelled, Clock, Limits, NetworkSettings, RateLimiter, Session
from etl.options import RunEnvironment
from etl.snapshots import SnapshotStore
from etl.sources.base import Request

URL = "https://data.example.org/a/b.csv"
GOOD = "shenzhen,gdp,2024,1\n"
SECRET = "s3cret/key"  # noqa: S105 - a made-up one
REQUEST = Request(
    URL, params={"q": "深圳", "token": SECRET}, accept=("text/csv",), secret_params=("token", "X-Key")
)


class Bench:
    """A fetcher against a scripted server, without waiting."""

    def __init__(self, root: Path, base: str, **limits: float) -> None:
        self.clock = FakeClock()
        self.store = SnapshotStore(root / "snapshots")
        chosen = {"attempts": 3, "total": 20.0, "read": 5.0, **limits}
        self.env = {
            "PURSUIT_BASE_URL_WORLDBANK": base, "PURSUIT_CONTACT": "me@example.org", "PURSUIT_CACHE": str(root)
        }  # fmt: skip
        self.limits = Limits(**chosen)  # type: ignore[arg-type]

    def fetcher(self, offline: bool = False) -> Fetcher:
        run = RunEnvironment(env=self.env, clock=self.clock, limits=self.limits)
        return Fetcher(TableSource(), run, offline=offline)

    def fails(self, request: Request = REQUEST) -> str:
        with pytest.raises(FetchError) as caught:
            self.fetcher().get(request)
        line = str(caught.value)
        assert "\n" not in line
        assert line.startswith("worldbank: ")
        assert SECRET not in line
        assert "s3cret" not in line
        return line


def test_path_and_query_stay_and_we_name_ourselves(tmp_path: Path) -> None:
    with serving(csv_answer(GOOD)) as server:
        snapshot = Bench(tmp_path, server.base).fetcher().get(REQUEST)
        (asked,) = server.asked
    assert snapshot is not None
    assert snapshot.body.decode() == GOOD
    assert asked.line == "GET /a/b.csv?q=%E6%B7%B1%E5%9C%B3&token=s3cret%2Fkey HTTP/1.1"
    assert "me@example.org" in asked.header("User-Agent")
    assert "python" not in asked.header("User-Agent")
    assert snapshot.final_url.startswith(URL)
    assert snapshot.fetched == "2026-11-22T10:00:00Z"


def test_no_secret_reaches_the_disk(tmp_path: Path) -> None:
    request = Request(
        URL, headers={"X-Key": SECRET}, params={"token": SECRET}, secret_params=("token", "X-Key")
    )
    with serving(csv_answer(GOOD)) as server:
        Bench(tmp_path, server.base).fetcher().get(request)
        assert server.asked[0].header("X-Key") == SECRET
    stored = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert b"s3cret" not in stored


def test_unchanged_answers_are_not_sent_again(tmp_path: Path) -> None:
    def second(c: Conversation) -> None:
        assert c.header("If-None-Match") == '"v1"'
        assert c.header("If-Modified-Since") == "Sat, 21 Nov 2026 00:00:00 GMT"
        c.answer(304)

    first = csv_answer(GOOD, ETag='"v1"', Last_Modified="Sat, 21 Nov 2026 00:00:00 GMT")
    with serving(first, second) as server:
        bench = Bench(tmp_path, server.base)
        one = bench.fetcher().get(REQUEST)
        bench.clock.text = "2026-11-23T10:00:00Z"
        two = bench.fetcher().get(REQUEST)
        three = bench.fetcher(offline=True).get(REQUEST)
        assert len(server.asked) == 2
    assert one == two == three


def test_the_same_bytes_keep_the_time_they_first_came(tmp_path: Path) -> None:
    with serving(csv_answer(GOOD), csv_answer(GOOD), csv_answer("other\n")) as server:
        bench = Bench(tmp_path, server.base)
        times = []
        for day in (22, 23, 24):
            bench.clock.text = f"2026-11-{day}T10:00:00Z"
            snapshot = bench.fetcher().get(REQUEST)
            assert snapshot is not None
            times.append(snapshot.fetched[:10])
    assert times == ["2026-11-22", "2026-11-22", "2026-11-24"]


@pytest.mark.parametrize("ask", ["always", "once"])
def test_a_damaged_snapshot_is_asked_for_again(tmp_path: Path, ask: Any) -> None:
    request = replace(REQUEST, ask=ask)
    with serving(csv_answer(GOOD, ETag='"v1"')) as server:
        bench = Bench(tmp_path, server.base)
        snapshot = bench.fetcher().get(request)
        assert snapshot is not None
        place = tmp_path / "snapshots" / snapshot.sha256[:2] / snapshot.sha256
        place.write_bytes(b"x" * len(GOOD))
        with pytest.raises(FetchError, match="not in the snapshot store"):
            bench.fetcher(offline=True).get(request)
        again = bench.fetcher().get(request)
        assert again == snapshot
        assert server.asked[1].header("If-None-Match") == ""
        for offline in (True, False):  # and it is whole again
            stored = bench.fetcher(offline=offline).get(request)
            assert stored is not None
            assert stored.body == snapshot.body
        assert len(server.asked) == (2 if ask == "once" else 3)


def test_a_record_that_has_become_a_folder_is_written_again(tmp_path: Path) -> None:
    with serving(csv_answer(GOOD)) as server:
        bench = Bench(tmp_path, server.base)
        bench.fetcher().get(REQUEST)
        (record,) = (tmp_path / "snapshots" / "index").rglob("*.json")
        record.unlink()
        record.mkdir()
        bench.fetcher().get(REQUEST)
        assert bench.fetcher(offline=True).get(REQUEST) is not None


@pytest.mark.parametrize("damage", [
    {"sha256": 5}, {"sha256": "../../etc/passwd"}, {"etag": 7}, {"etag": '"a"\r\nX: 1'}, {"headers": []},
    {"status": "200"}, {"fetched": "x"}, {"last_modified": None}, {"final_url": []}, {"headers": {"link": 1}},
    "[" * 100_000, "[]", "", "\ufeff{}",
])  # fmt: skip
def test_a_damaged_record_is_asked_for_again(tmp_path: Path, damage: dict[str, object] | str) -> None:
    with serving(csv_answer(GOOD, ETag='"v1"')) as server:
        bench = Bench(tmp_path, server.base)
        snapshot = bench.fetcher().get(REQUEST)
        (place,) = (tmp_path / "snapshots" / "index").rglob("*.json")
        known = json.loads(place.read_text("utf-8"))
        place.write_text(json.dumps({**known, **damage}) if isinstance(damage, dict) else damage, "utf-8")
        assert bench.fetcher().get(REQUEST) == snapshot
        assert server.asked[1].header("If-None-Match") == ""
        assert bench.fetcher(offline=True).get(REQUEST) == snapshot


@pytest.mark.parametrize(
    "tag", [b'\xa0"x"', b'\xff"x"', b'"\x85a"', b'\x1c"x"', b'"' + b"a" * 5000 + b'"', b"x"]
)
def test_an_entity_tag_that_cannot_be_sent_back_is_not_kept(tmp_path: Path, tag: bytes) -> None:
    def answer(c: Conversation) -> None:
        c.send(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nETag: "
            + tag
            + b"\r\nContent-Length: %d\r\n" % len(GOOD)
        )
        c.send(b"Connection: close\r\n\r\n" + GOOD.encode())

    with serving(answer, answer) as server:
        bench = Bench(tmp_path, server.base)
        assert bench.fetcher().get(REQUEST) == bench.fetcher().get(REQUEST)
        assert server.asked[1].header("If-None-Match") == ""


def test_refused_connections_are_tried_again_then_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        base = f"http://127.0.0.1:{closed.getsockname()[1]}"
    bench = Bench(tmp_path, base)
    assert "connection refused (3 attempts)" in bench.fails()
    assert len(bench.clock.slept) >= 2


def tunnel(status: bytes) -> Callable[[Conversation], None]:
    return lambda c: c.send(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


@pytest.mark.parametrize(("status", "says"), [
    (b"407 Proxy Authentication Required", "the proxy (HTTPS_PROXY) wants a password"),
    (b"403 Forbidden", "the proxy (HTTPS_PROXY) does not let us through: answers HTTP 403"),
])  # fmt: skip
def test_a_proxy_that_refuses_is_named_and_asked_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: bytes, says: str
) -> None:
    with serving(tunnel(status), tunnel(status)) as server:
        monkeypatch.setenv("HTTPS_PROXY", server.base)
        bench = Bench(tmp_path, "")
        bench.env.pop("PURSUIT_BASE_URL_WORLDBANK")
        assert says in bench.fails()
        assert len(server.asked) == 1
    assert bench.clock.slept == []


@pytest.mark.parametrize(("proxy", "says"), [
    ("", "does not let us through: connection refused"),
    ("socks5://127.0.0.1:9", "HTTPS_PROXY names a SOCKS proxy, which needs PySocks"),
    ("gopher://127.0.0.1:9", "HTTPS_PROXY is not a proxy's address"),
])  # fmt: skip
def test_a_proxy_that_is_not_there_is_the_settings_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proxy: str, says: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
    monkeypatch.setenv("HTTPS_PROXY", proxy or nobody)
    bench = Bench(tmp_path, "")
    bench.env.pop("PURSUIT_BASE_URL_WORLDBANK")
    line = bench.fails()
    assert says in line
    assert "HTTPS_PROXY" in line
    assert bench.clock.slept == []


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_a_certificate_file_that_is_not_there_is_named_and_not_tried_again(tmp_path: Path, name: str) -> None:
    bench = Bench(tmp_path, "https://127.0.0.1:9")
    bench.env[name] = str(tmp_path / "none.pem")
    assert f"{name} names no file with certificates" in bench.fails()
    assert bench.clock.slept == []


@pytest.mark.parametrize(("code", "bundle", "says"), [
    (20, "", "set REQUESTS_CA_BUNDLE to it"), (18, "CURL_CA_BUNDLE", "CURL_CA_BUNDLE lacks it"),
    (10, "", "this machine's clock"), (62, "", "another host's"),
])  # fmt: skip
def test_what_is_wrong_with_a_certificate_is_said(code: int, bundle: str, says: str) -> None:
    refused = ssl.SSLCertVerificationError(1, "certificate verify failed")
    refused.verify_code = code
    settings = NetworkSettings("https://h.org/", {bundle: "x.pem"} if bundle else {})
    found = settings.fault(requests.exceptions.SSLError(refused))
    assert found is not None
    assert says in "; ".join(found)
    assert settings.fault(requests.exceptions.SSLError(ssl.SSLError(1, "handshake failure"))) is None


@pytest.mark.parametrize(("status", "headers", "body", "says"), [
    (429, {"X-RateLimit-Remaining": "3", "X-RateLimit-Credits-Required": "10", "X-RateLimit-Reset": "11987"}, "",
     "used up until 2026-11-22T13:19:47Z"),
    (429, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "11987"}, "", "used up until 2026-11-22T13:19:47Z"),
    (403, {"X-RateLimit-Remaining": "4999"}, "You have exceeded a secondary rate limit.", "HTTP 403, asked too often"),
    (403, {}, "<h1>Web Application Firewall</h1>", "firewall"),
    (200, {}, "<script>document.cookie='acw_sc__v2=1'</script>", "firewall"),
])  # fmt: skip
def test_a_used_up_quota_and_a_firewall_are_asked_once(
    tmp_path: Path, status: int, headers: dict[str, str], body: str, says: str
) -> None:
    named = {name.replace("-", "_"): value for name, value in headers.items()}
    with serving(lambda c: c.answer(status, body.encode(), **named)) as server:
        bench = Bench(tmp_path, server.base)
        assert says in bench.fails()
        assert len(server.asked) == 1


def test_a_429_that_names_no_time_is_a_limit_and_no_trouble(tmp_path: Path) -> None:
    with serving(*[lambda c: c.answer(429, b"Please limit requests")] * 3) as server:
        line = Bench(tmp_path, server.base).fails()
    assert "limits how often it is asked" in line
    assert "trouble" not in line


def reset(c: Conversation) -> None:
    c.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 1000\r\n\r\nabc")
    c.reset()


def truncated(c: Conversation) -> None:
    c.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 1000\r\n\r\nabc")


def broken_chunks(c: Conversation) -> None:
    c.send(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\nff\r\nabc"
    )


def broken_gzip(c: Conversation) -> None:
    c.answer(
        200, gzip.compress(b"a" * 1000)[:-20] + b"garbage", Content_Type="text/csv", Content_Encoding="gzip"
    )


def silence(c: Conversation) -> None:
    return None


@pytest.mark.parametrize("fault", [reset, truncated, broken_chunks, broken_gzip, silence])
def test_broken_answers_are_tried_again_and_never_taken(
    tmp_path: Path, fault: Callable[[Conversation], None]
) -> None:
    with serving(fault, fault, csv_answer(GOOD)) as server:
        bench = Bench(tmp_path, server.base)
        snapshot = bench.fetcher().get(REQUEST)
        assert snapshot is not None
        assert snapshot.body.decode() == GOOD
        assert len(server.asked) == 3
    with serving(fault) as server:
        bench = Bench(tmp_path / "other", server.base)
        assert "(3 attempts)" in bench.fails()
        assert bench.store.load("worldbank", REQUEST) is None


def test_server_errors_pass(tmp_path: Path) -> None:
    with serving(lambda c: c.answer(500), lambda c: c.answer(503), csv_answer(GOOD)) as server:
        assert Bench(tmp_path, server.base).fetcher().get(REQUEST) is not None
    with serving(lambda c: c.answer(502)) as server:
        assert "HTTP 502 (3 attempts)" in Bench(tmp_path / "other", server.base).fails()


@pytest.mark.parametrize(
    ("header", "waited"),
    [
        ("7", 7.0),
        ("Sun, 22 Nov 2026 10:00:30 GMT", 30.0),
        ("299", 299.0),
        ("Sun, 22 Nov 2020 10:00:30 GMT", 0.0),
    ],
)
def test_retry_after_is_obeyed_within_reason(tmp_path: Path, header: str, waited: float) -> None:
    with serving(lambda c: c.answer(429, Retry_After=header), csv_answer(GOOD)) as server:
        bench = Bench(tmp_path, server.base)
        assert bench.fetcher().get(REQUEST) is not None
    assert waited in bench.clock.slept


@pytest.mark.parametrize(
    ("status", "header", "said"),
    [
        (429, {"Retry_After": "86400"}, "HTTP 429, rate limit used up for 86400 s"),
        (503, {"Retry_After": "86400"}, "HTTP 503 Service Unavailable for 86400 s"),
        (429, {"RateLimit": '"api";r=0;t=3000'}, "HTTP 429, rate limit used up for 3000 s"),
    ],
)
def test_a_host_that_asks_for_a_long_wait_is_not_asked_again(
    tmp_path: Path, status: int, header: dict[str, str], said: str
) -> None:
    with serving(lambda c: c.answer(status, **header), csv_answer(GOOD)) as server:
        bench = Bench(tmp_path, server.base)
        assert said in bench.fails()
        assert len(server.asked) == 1
    assert bench.clock.slept == []


def test_a_long_wait_is_waited_for_once(tmp_path: Path) -> None:
    with serving(lambda c: c.answer(429, Retry_After="200")) as server:
        bench = Bench(tmp_path, server.base)
        assert "HTTP 429 (2 attempts)" in bench.fails()
        assert len(server.asked) == 2
    assert bench.clock.time < 202


def test_a_host_that_asks_one_to_wait_is_left_alone_by_all(tmp_path: Path) -> None:
    clock = FakeClock()
    limiter = RateLimiter(clock)
    with serving(lambda c: c.answer(429, Retry_After="9"), csv_answer(GOOD)) as server:
        env = {"PURSUIT_BASE_URL_WORLDBANK": server.base, "PURSUIT_CACHE": str(tmp_path)}
        run = RunEnvironment(env=env, clock=clock, limits=Limits(attempts=1))
        first = Fetcher(TableSource(), run, limiter)
        with pytest.raises(FetchError, match="HTTP 429"):
            first.get(REQUEST)
        assert clock.time == 0
        other = Fetcher(TableSource(), run, limiter)
        assert other.get(Request(f"{URL}?other")) is not None
    assert clock.time >= 9


def test_too_many_requests_without_retry_after_backs_off(tmp_path: Path) -> None:
    with serving(lambda c: c.answer(429, b"<html>slow down</html>"), csv_answer(GOOD)) as server:
        bench = Bench(tmp_path, server.base)
        assert bench.fetcher().get(REQUEST) is not None
    assert any(0 <= s <= 60 for s in bench.clock.slept)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_refusals_are_not_tried_again(tmp_path: Path, status: int) -> None:
    with serving(lambda c: c.answer(status)) as server:
        assert f"HTTP {status}" in Bench(tmp_path, server.base).fails()
        assert len(server.asked) == 1


def test_a_used_up_rate_limit_is_named(tmp_path: Path) -> None:
    with serving(lambda c: c.answer(403, X_RateLimit_Remaining="0")) as server:
        assert "rate limit used up" in Bench(tmp_path, server.base).fails()


class Nowhere:
    """Name resolution on a machine without a network."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, *args: object, **kwargs: object) -> object:
        self.asked += 1
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


def test_a_name_that_cannot_be_found_is_not_looked_up_for_every_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = Nowhere()
    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    clock = FakeClock()
    fetcher = Fetcher(TableSource(), RunEnvironment(env={"PURSUIT_CACHE": str(tmp_path)}, clock=clock))
    with pytest.raises(FetchError, match=r"host name not found: .*check the network"):
        fetcher.get(REQUEST)
    for number in range(5):
        with pytest.raises(FetchError, match="host name not found"):
            fetcher.get(Request(f"{URL}?{number}"))
    assert nowhere.asked == 2
    assert clock.time < 10


def test_kept_headers_are_few_and_without_secrets(tmp_path: Path) -> None:
    link = f'<https://data.example.org/a?token={SECRET}&page=2>; rel="next"'
    script = csv_answer(GOOD, Link=link, Set_Cookie="a=b", X_RateLimit_Remaining="59", ETag='"v1"')
    renewed = lambda c: c.answer(304, Link='<https://data.example.org/a?page=3>; rel="next"')  # noqa: E731
    with serving(script, renewed) as server:
        bench = Bench(tmp_path, server.base)
        snapshot = bench.fetcher().get(REQUEST)
        assert snapshot is not None
        assert snapshot.headers == {
            "link": '<https://data.example.org/a?token=***&page=2>; rel="next"',
            "x-ratelimit-remaining": "59",
        }
        assert snapshot == bench.fetcher(offline=True).get(REQUEST)
        again = bench.fetcher().get(REQUEST)
        assert again is not None
        assert "page=3" in again.headers["link"]  # an unchanged page may have a new next one


def test_an_optional_resource_may_be_absent_online_and_offline(tmp_path: Path) -> None:
    request = Request(URL, optional=True)
    with serving(lambda c: c.answer(404)) as server:
        bench = Bench(tmp_path, server.base)
        assert bench.fetcher().get(request) is None
        assert bench.fetcher(offline=True).get(request) is None
    assert bench.fetcher(offline=True).get(Request(f"{URL}?never", optional=True)) is None


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<!DOCTYPE html><title>Error</title>", "text/csv"),
        (b"\xef\xbb\xbf\n  <HTML><body>login", "text/csv"),
        (b"a,b", "text/html; charset=utf-8"),
        (b"{}", "application/json"),
        (b" \n", "text/csv"),
    ],
)
def test_a_page_instead_of_data_is_refused(tmp_path: Path, body: bytes, kind: str) -> None:
    with serving(lambda c: c.answer(200, body, Content_Type=kind)) as server:
        bench = Bench(tmp_path, server.base)
        bench.fails()
        assert len(server.asked) == 1
        assert bench.store.load("worldbank", REQUEST) is None


def test_a_wrong_charset_leaves_the_bytes_alone(tmp_path: Path) -> None:
    body = "深圳,1".encode("gb18030")
    with serving(lambda c: c.answer(200, body, Content_Type="text/csv; charset=utf-8")) as server:
        snapshot = Bench(tmp_path, server.base).fetcher().get(REQUEST)
    assert snapshot is not None
    assert snapshot.body == body


def test_a_gzip_bomb_is_cut(tmp_path: Path) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    assert len(bomb) < 60_000
    with serving(lambda c: c.answer(200, bomb, Content_Type="text/csv", Content_Encoding="gzip")) as server:
        line = Bench(tmp_path, server.base, size=1_000_000).fails()
    assert "larger than 976 KiB" in line


def test_a_large_answer_is_cut_before_and_while_it_comes(tmp_path: Path) -> None:
    def endless(c: Conversation) -> None:
        c.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n\r\n")
        for _ in range(1000):
            c.send(b"x" * 10_000)

    announced = lambda c: c.send(  # noqa: E731
        b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 99999999\r\n\r\nabc"
    )
    for script in (endless, announced):
        with serving(script) as server:
            assert "larger than" in Bench(tmp_path, server.base, size=100_000).fails()


@pytest.mark.parametrize("where", ["head", "body"])
def test_a_slow_drip_ends(tmp_path: Path, where: str) -> None:
    with serving(lambda c: drip(c)) as server:

        def drip(c: Conversation) -> None:
            c.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n")
            c.send(b"X: " if where == "head" else b"Content-Length: 100000\r\n\r\n")
            while not server.ending.wait(0.01):  # each byte comes long before any read times out
                c.send(b"x")

        assert "did not finish within 0.3 s" in Bench(tmp_path, server.base, total=0.3).fails()
        assert len(server.asked) == 1


def test_redirects_within_the_source_are_followed(tmp_path: Path) -> None:
    hops = [
        lambda c: c.answer(302, Location="/next?x=1"),
        lambda c: c.answer(301, Location="https://data.example.org/third"),
        lambda c: c.answer(307, Location=f"{server.base}/fourth"),
        csv_answer(GOOD),
    ]
    with serving(*hops) as server:
        snapshot = Bench(tmp_path, server.base).fetcher().get(REQUEST)
        lines = [c.line.split()[1] for c in server.asked]
    assert snapshot is not None
    assert snapshot.final_url == "https://data.example.org/fourth"
    assert lines[1:] == ["/next?x=1", "/third", "/fourth"]


def test_a_redirect_loop_ends(tmp_path: Path) -> None:
    with serving(lambda c: c.answer(302, Location="/again")) as server:
        assert "more than 5 redirects" in Bench(tmp_path, server.base).fails()
        assert len(server.asked) == 6


@pytest.mark.parametrize(
    "target",
    ["https://elsewhere.example.com/", "http://127.0.0.1:1/", "http://[::1]/", "http://169.254.169.254/latest",
     "https://data.example.org.evil.com/", "https://data.example.org@evil.com/", "file:///etc/passwd",
     "https://data.example.org:8080/", "https://data.example.org:99999/", "http://[::1", "//evil.com/x", "ftp://data.example.org/"],
)  # fmt: skip
def test_redirects_off_the_list_are_refused(tmp_path: Path, target: str) -> None:
    with serving(lambda c: c.answer(302, Location=target)) as server:
        Bench(tmp_path, server.base).fails()
        assert len(server.asked) == 1


def test_a_redirected_form_is_refused(tmp_path: Path) -> None:
    with serving(lambda c: c.answer(302, Location="/x")) as server:
        line = Bench(tmp_path, server.base).fails(Request(URL, method="POST", body=b"a=1"))
    assert "answered a form with a redirect" in line


@pytest.mark.parametrize("address", [
    "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
    "::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1",
])  # fmt: skip
def test_a_private_address_is_refused_unless_a_base_is_set(address: str) -> None:
    with pytest.raises(FetchError, match="inside a private network"):
        Addresses("x", ("h.org",), {}).check_peer("h.org", address)
    Addresses("x", ("h.org",), {"PURSUIT_BASE_URL_X": "http://h.org"}).check_peer("h.org", address)
    for public in ("8.8.8.8", "2606:4700::1111"):
        Addresses("x", ("h.org",), {}).check_peer("h.org", public)


def test_a_name_that_leads_inside_is_refused_before_a_byte_is_sent() -> None:
    with serving(csv_answer(GOOD)) as server:
        session = Session(Addresses("x", ("127.0.0.1",), {}).check_peer, {})
        with session, pytest.raises(FetchError, match="inside a private network"):
            session.get(server.base, timeout=5)
        assert server.asked == []


def test_a_proxy_may_be_on_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(tunnel(b"502 Bad Gateway")) as server:
        monkeypatch.setenv("ALL_PROXY", server.base)
        fetcher = Fetcher(
            TableSource(), RunEnvironment(env={"PURSUIT_CACHE": str(tmp_path)}, clock=FakeClock())
        )
        with pytest.raises(
            FetchError, match=r"the proxy \(ALL_PROXY\) does not let us through: answers HTTP 502"
        ):
            fetcher.get(REQUEST)
        assert server.asked[0].line == "CONNECT data.example.org:443 HTTP/1.0"


def test_a_base_address_may_be_written_in_capitals_and_with_a_slash() -> None:
    for base in ("HTTP://127.0.0.1:9000", "http://127.0.0.1:9000/", "http://[::1]:9000"):
        found = Addresses("x", ("h.org",), {"PURSUIT_BASE_URL_X": base})
        assert found.actual("https://h.org/a?b=1") == f"{base.lower().removesuffix('/')}/a?b=1"
        assert found.public(f"{found.base}/c", relative_to="https://h.org/a") == "https://h.org/c"


@pytest.mark.parametrize(
    "base", ["ftp://127.0.0.1", "127.0.0.1:80", "http://u:p@h", "http://h/path", "http://h?x", "http://h:x"]
)
def test_a_base_address_must_be_plain(base: str) -> None:
    with pytest.raises(UsageError, match="PURSUIT_BASE_URL_X is not"):
        Addresses("x", ("h.org",), {"PURSUIT_BASE_URL_X": base})


def test_hosts_are_asked_at_their_pace(tmp_path: Path) -> None:
    class Slow(TableSource):
        rate_per_second = 0.5

    with serving(csv_answer(GOOD)) as server:
        clock = FakeClock()
        env = {"PURSUIT_BASE_URL_WORLDBANK": server.base, "PURSUIT_CACHE": str(tmp_path)}
        fetcher = Fetcher(Slow(), RunEnvironment(env=env, clock=clock))
        for number in range(3):
            fetcher.get(Request(f"{URL}?{number}"))
    assert clock.slept == [2.0, 2.0]


def test_retry_after_nonsense_is_ignored() -> None:
    assert retry_after("soon", "2026-11-22T10:00:00Z") is None
    assert retry_after("", "2026-11-22T10:00:00Z") is None
    assert retry_after("-5", "2026-11-22T10:00:00Z") is None


def test_answers_that_cannot_be_kept_are_a_clear_line_without_a_place(tmp_path: Path) -> None:
    (tmp_path / "snapshots").write_text("in the way", "utf-8")
    with serving(csv_answer(GOOD)) as server:
        line = Bench(tmp_path, server.base).fails()
    assert "cannot be kept (Not a directory)" in line
    assert "PURSUIT_CACHE" in line
    assert str(tmp_path) not in line


def test_a_run_that_is_to_end_wakes_who_sleeps_and_cuts_who_reads(tmp_path: Path) -> None:
    limiter = RateLimiter(Clock())
    ended: list[BaseException] = []
    arrived = threading.Event()

    def sleep() -> None:
        with pytest.raises(Cancelled) as caught:
            limiter.sleep(3600)
        ended.append(caught.value)

    def hang(c: Conversation) -> None:
        c.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")
        arrived.set()
        c.connection.recv(1)  # until the other side goes

    def read() -> None:
        bench = Bench(tmp_path, server.base, read=3600.0, total=3600.0)
        fetcher = Fetcher(TableSource(), RunEnvironment(env=bench.env, limits=bench.limits), limiter)
        with pytest.raises((FetchError, Cancelled)) as caught:
            fetcher.get(REQUEST)
        ended.append(caught.value)

    with serving(hang) as server:
        threads = [threading.Thread(target=work, daemon=True) for work in (sleep, read)]
        for thread in threads:
            thread.start()
        assert arrived.wait(20)
        limiter.end()
        for thread in threads:
            thread.join(20)
    assert len(ended) == 2


class Late(RateLimiter):
    """Ends the run at the worst moment: when a request had its turn and has not connected yet."""

    def wait(self, host: str, rate_per_second: float) -> None:
        super().wait(host, rate_per_second)
        self.end()


@pytest.mark.parametrize("ended_before", [False, True])
def test_a_request_about_to_connect_when_the_run_ends_does_not_hang(
    tmp_path: Path, ended_before: bool
) -> None:
    limiter = RateLimiter(Clock()) if ended_before else Late(Clock())
    ended: list[BaseException] = []

    def ask() -> None:
        bench = Bench(tmp_path, server.base, read=3600.0, total=3600.0, attempts=5)
        fetcher = Fetcher(TableSource(), RunEnvironment(env=bench.env, limits=bench.limits), limiter)
        if ended_before:
            limiter.end()
        with pytest.raises((FetchError, Cancelled)) as caught:
            fetcher.get(REQUEST)
        ended.append(caught.value)

    with serving(lambda c: c.connection.recv(1)) as server:  # asked, it never answers
        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        thread.join(20)
    assert len(ended) == 1


def test_what_a_server_says_cannot_steer_a_terminal() -> None:
    error = FetchError("x", "the service says: \x1b[2J\x00gone\r\nnow", "look\x9b31m")
    assert error.line() == "x: the service says: [2Jgone now; look31m"
