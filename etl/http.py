"""Fetching the requests of a source: identified, paced, and strict about what it accepts.

Connection errors, 429 and 5xx are retried with jitter, and Retry-After is obeyed. Answers that are too
large, too slow or from an unexpected host are refused. No secret reaches an error or the snapshot store.
"""

import ipaddress
import random
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import quote, quote_plus, urljoin, urlsplit, urlunsplit

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError

from etl.answers import RETRYABLE, TOO_OFTEN, content_mismatch, refusal, seconds_to_wait
from etl.errors import FetchError, UsageError
from etl.network import UNREACHABLE, NetworkSettings, RateLimiter, Session, error_reason
from etl.options import RunEnvironment
from etl.snapshots import public_url
from etl.sources.base import Request, Snapshot, Source

REDIRECTS = frozenset({301, 302, 303, 307, 308})
SHOWN = 120
"""Characters of an address that an error shows."""
CHECK_NETWORK = "check the network, or work from the store with --offline"
BASE = re.compile(r"https?://([\w.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class Addresses:
    """The hosts a source may be fetched from, and the base address (mirror, test server) that replaces them.

    A *public* address is the one in sources and snapshots; an *actual* address is asked over the network.
    Without a base the two are the same. A host that begins with a dot allows all hosts of that domain.
    """

    def __init__(self, source: str, hosts: tuple[str, ...], env: Mapping[str, str]) -> None:
        self.source, self.hosts, self.setting = source, hosts, f"PURSUIT_BASE_URL_{source.upper()}"
        self.base = env.get(self.setting, "").strip().removesuffix("/").lower()
        if self.base and not BASE.fullmatch(self.base):
            fix = f"set {self.setting} to scheme, host and port alone, such as http://127.0.0.1:9000"
            raise UsageError(f"{self.setting} is not a base address", fix)

    def public(self, url: str, relative_to: str = "") -> str:
        """Return the public form of ``url``, made https; refuse what leaves the allowed hosts."""
        try:
            url = urljoin(relative_to, url)
            if self.base and relative_to and origin(url).lower() == self.base:
                url = origin(relative_to) + url[len(self.base) :]
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise FetchError(self.source, "leads to no address", "look at the source") from None
        host = (parts.hostname or "").rstrip(".")
        if parts.scheme not in ("http", "https"):
            raise FetchError(self.source, f"address with scheme {parts.scheme!r} refused", "use https")
        known = any(host == one or (one.startswith(".") and host.endswith(one)) for one in self.hosts)
        if not known or "@" in parts.netloc:
            target = host[:80] or "an address without a host"
            what = f"leads to {target}, which is not one of its hosts ({', '.join(self.hosts)})"
            fix = "if the source has moved, add the host to its module after checking it"
            raise FetchError(self.source, what, fix)
        if port not in (None, 80, 443):
            raise FetchError(self.source, f"port {port} of {host} refused", "use the standard port")
        return urlunsplit(("https", host, parts.path or "/", parts.query, ""))

    def actual(self, url: str) -> str:
        return self.base + url.removeprefix(origin(url)) if self.base else url

    def check_peer(self, host: str, ip: str) -> None:
        """Refuse a connection to an address that is not of the public internet, unless a base was set."""
        if not self.base and not ipaddress.ip_address(ip).is_global:
            what = f"{host} resolves to an address inside a private network; refused"
            raise FetchError(self.source, what, f"if that is meant, set {self.setting} to it")


@dataclass
class _TryAgain(Exception):  # noqa: N818 - no failure yet
    what: str
    fix: str
    most: int
    """Attempts at most."""
    after: float | None = None
    """Seconds to wait; ``None``: back off."""


class Fetcher:
    """Fetches the requests of one source in one thread, through the snapshot store."""

    def __init__(
        self, source: Source, run: RunEnvironment, limiter: RateLimiter | None = None, offline: bool = False
    ) -> None:
        self.source, self.store, self.offline = source, run.store, offline
        self.env, self.clock, self.limits = run.env, run.clock, run.limits
        self.limiter = limiter or RateLimiter(run.clock)
        self.addresses = Addresses(source.id, source.hosts, run.env)
        self.session = Session(self.addresses.check_peer, run.env)
        self.limiter.watch(self.session)
        self.counts: defaultdict[str, int] = defaultdict(int)
        self.refusals: list[FetchError] = []

    def get(self, request: Request) -> Snapshot | None:
        """Return the answer to ``request``, or ``None`` for an optional one that is not there.

        Raises :class:`FetchError` with one clear line for everything else; of a best-effort request the
        line is kept in ``refusals`` instead.
        """
        try:
            known = request.ask == "once" and self.store.answered(self.source.id, request)
            if request.ask == "never" or known:
                return self._stored(replace(request, optional=True))
            return self._stored(request) if self.offline else self._fetched(request)
        except OSError as error:  # network errors are handled where they occur
            what = f"its answers cannot be kept ({error.strerror})"  # status.json is public: no path
            raise FetchError(self.source.id, what, "check PURSUIT_CACHE and its room") from None
        except FetchError as error:
            if not request.best_effort:
                raise
            self.refusals.append(error)
            return None

    def _stored(self, request: Request) -> Snapshot | None:
        snapshot = self.store.load(self.source.id, request)
        if snapshot is None and not request.optional:
            raise self._failure(request, "not in the snapshot store", "run once without --offline")
        self.counts["stored"] += snapshot is not None
        return snapshot

    def _fetched(self, request: Request) -> Snapshot | None:
        host = urlsplit(self.addresses.actual(self.addresses.public(request.url))).netloc
        if why := self.limiter.unreachable.get(host):
            raise self._failure(request, why, CHECK_NETWORK)
        number = 0
        while True:
            number += 1
            try:
                return self._accepted(request, *self._attempt(request))
            except _TryAgain as error:
                if number < min(self.limits.attempts, error.most):
                    longest = min(self.limits.longest_wait, self.limits.first_wait * 2 ** (number - 1))
                    backoff = random.uniform(0, longest)  # noqa: S311 - no secret
                    self.limiter.sleep(backoff if error.after is None else error.after)
                    continue
                times = f" ({number} attempts)" if number > 1 else " (one attempt)"
                if error.what in UNREACHABLE:
                    # the same words for every later request, so that status tells nothing new
                    self.limiter.unreachable.setdefault(host, error.what)
                    times = ""
                raise self._failure(request, f"{error.what}{times}", error.fix) from None

    def _attempt(self, request: Request) -> tuple[requests.Response, bytes, str]:
        """Return the answer at the end of its redirects: its head, its body, its public address."""
        url, params = self.addresses.public(request.url), dict(request.params)
        headers = dict(request.headers)
        if before := self.store.load(self.source.id, request):
            known = {"If-None-Match": before.etag, "If-Modified-Since": before.last_modified}
            headers |= {name: value for name, value in known.items() if value}
        final_url = public_url(request)
        with self.session.time_limit(self.limits.total):
            for _ in range(self.limits.redirects + 1):
                answer, body = self._send(request, url, params, headers)
                target = answer.headers.get("Location", "")
                if answer.status_code not in REDIRECTS or not target:
                    return answer, body, self._redact(request, final_url)
                if request.method not in ("GET", "HEAD") and answer.status_code not in (307, 308):
                    raise self._failure(request, "answered a form with a redirect", "look at the source")
                following = self.addresses.public(target, relative_to=url)
                if urlsplit(following).hostname != urlsplit(url).hostname:
                    for name in request.secret_params:
                        headers.pop(name, None)
                url, final_url, params = following, following, {}
        what = f"more than {self.limits.redirects} redirects"
        raise self._failure(request, what, "the source sends in circles; try later")

    def _send(
        self, request: Request, url: str, params: dict[str, str], headers: dict[str, str]
    ) -> tuple[requests.Response, bytes]:
        host, actual = urlsplit(url).hostname or "", self.addresses.actual(url)
        prepared = self.session.prepare_request(
            requests.Request(request.method, actual, params=params, headers=headers, data=request.body)
        )
        network = NetworkSettings(actual, self.env)
        timeout = (self.limits.connect, self.limits.read)
        with self.limiter.slot(host):
            self.limiter.wait(host, self.source.rate_per_second)
            try:
                with self.session.send(
                    prepared, stream=True, allow_redirects=False, timeout=timeout,
                    proxies=network.proxies, verify=network.verify,
                ) as response:  # fmt: skip
                    if response.status_code in RETRYABLE:
                        self._back_off(host, response)
                    redirected = response.status_code in REDIRECTS
                    return response, b"" if redirected else self._body(request, response)
            except (requests.RequestException, HTTPError, OSError) as error:
                if self.session.expired:
                    what = f"did not finish within {self.limits.total:g} s"
                    raise self._failure(request, what, CHECK_NETWORK) from None
                if wrong := network.fault(error):
                    raise self._failure(request, *wrong) from None
                why = error_reason(error)
                # a name that cannot be resolved is rarely found a second later
                raise _TryAgain(why, CHECK_NETWORK, 2 if why in UNREACHABLE else 99) from None
            except ValueError:  # raised while reading the address of a redirect
                raise self._failure(request, "redirects to no address", "look at the source") from None

    def _back_off(self, host: str, response: requests.Response) -> None:
        """Raise :class:`_TryAgain`, unless the answer names a longer time than we wait."""
        after = seconds_to_wait(response.headers, self.clock.now())
        if (after or 0) > self.limits.longest_retry_after:
            return
        self.limiter.back_off(host, after or 0)
        limited = response.status_code == HTTPStatus.TOO_MANY_REQUESTS
        fix = TOO_OFTEN if limited else "the service is in trouble; try later"
        most = 99 if (after or 0) <= self.limits.longest_wait else 2
        raise _TryAgain(f"HTTP {response.status_code}", fix, most, after)

    def _body(self, request: Request, response: requests.Response) -> bytes:
        body, announced = bytearray(), response.headers.get("Content-Length", "")
        pieces = response.iter_content(65536)
        while len(body) <= self.limits.size and not (
            announced.isdigit() and int(announced) > self.limits.size
        ):
            piece = next(pieces, b"")
            if self.session.expired:
                raise requests.Timeout
            if not piece:
                return bytes(body)
            body += piece
        what = f"answer is larger than {self.limits.size // 1024} KiB"
        raise self._failure(request, what, "look at what the source sends")

    def _accepted(
        self, request: Request, answer: requests.Response, body: bytes, final_url: str
    ) -> Snapshot | None:
        now, source, status = self.clock.now(), self.source.id, answer.status_code
        base, public = self.addresses.base or "\n", origin(self.addresses.public(request.url))
        headers: Mapping[str, str] = CaseInsensitiveDict(
            (name, self._redact(request, value).replace(f"{base}/", f"{public}/"))
            for name, value in answer.headers.items()
        )
        if status == HTTPStatus.NOT_MODIFIED:
            self.store.confirm(source, request, headers)
            snapshot = self.store.load(source, request)
            if snapshot is None:
                raise self._failure(request, "answered 304 for something never stored", "try again")
            self.counts["unchanged"] += 1
            return snapshot
        if status in (404, 410) and request.optional:
            self.store.save_absent(source, request, now)
            self.counts["absent"] += 1
            return None
        if status != HTTPStatus.OK:
            key = self.source.key_setting
            missing_key = "" if self.env.get(key, "").strip() else key
            raise self._failure(request, *refusal(status, headers, body, missing_key, now))
        if wrong := content_mismatch(request.accept, headers.get("Content-Type", ""), body):
            raise self._failure(request, *wrong)
        self.counts["fetched"] += 1
        return self.store.save(source, request, status, body, now, headers, final_url)

    def _failure(self, request: Request, what: str, fix: str) -> FetchError:
        address = self._redact(request, public_url(request))
        shortened = address if len(address) <= SHOWN else f"{address[:SHOWN]}…"
        return FetchError(self.source.id, f"{what}: {shortened}", fix)

    def _redact(self, request: Request, text: str) -> str:
        values = [{**request.headers, **request.params}.get(name, "") for name in request.secret_params]
        for value in filter(None, values):
            for form in {value, quote(value, safe=""), quote_plus(value)}:
                text = text.replace(form, "***")
        return text
