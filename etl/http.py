"""One HTTP session for each source: identified, rate-limited, and strict about what it accepts.

Connection errors, 429 and 5xx are retried with jitter, and Retry-After is obeyed. Answers that are too
large, too slow or from an unexpected host are refused. No secret reaches an error or the snapshot store.
"""

from __future__ import annotations

import os
import random
import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import quote, quote_plus, urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError

from etl.addresses import Addresses
from etl.answers import (
    RETRYABLE,
    TOO_OFTEN,
    UNREACHABLE,
    content_mismatch,
    error_reason,
    refusal,
    seconds_to_wait,
)
from etl.errors import FetchError
from etl.network_settings import NetworkSettings, user_agent
from etl.pacing import Clock, Limits, RateLimiter
from etl.snapshots import SnapshotStore, public_url
from etl.sources.base import Request, Snapshot, Source
from etl.transport import Guard, GuardedAdapter

REDIRECTS = frozenset({301, 302, 303, 307, 308})
SHOWN = 120
"""Characters of an address that a line shows: enough to know it by."""
CHECK_NETWORK = "check the network, or work from the store with --offline"


class _TryAgain(Exception):  # noqa: N818 - no failure yet
    """It may go better ``after`` seconds (``None``: back off), in ``most`` attempts at most."""

    def __init__(self, what: str, fix: str, most: int, after: float | None = None) -> None:
        super().__init__(what)
        self.what, self.fix, self.most, self.after = what, fix, most, after


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


class Fetcher:
    """Fetches the requests of one source, through the snapshot store."""

    def __init__(
        self,
        source: Source,
        store: SnapshotStore,
        env: Mapping[str, str] | None = None,
        *,
        limiter: RateLimiter | None = None,
        clock: Clock | None = None,
        limits: Limits | None = None,
        offline: bool = False,
    ) -> None:
        self.source, self.store, self.offline = source, store, offline
        self.env = os.environ if env is None else env
        self.clock, self.limits = clock or Clock(), limits or Limits()
        self.limiter = limiter or RateLimiter(self.clock)
        self.addresses = Addresses.of(source.id, source.hosts, self.env)
        self.counts: defaultdict[str, int] = defaultdict(int)
        self.refusals: list[FetchError] = []
        self._local = threading.local()

    def get(self, request: Request) -> Snapshot | None:
        """Return the answer to ``request``, or ``None`` for an optional one that is not there.

        Raises :class:`FetchError` with one clear line for everything else; of a best-effort request the
        line is kept in ``refusals`` instead.
        """
        try:
            known = request.ask == "once" and self.store.answered(self.source.id, request)
            if request.ask == "never" or known:
                return self._stored(replace(request, optional=True))
            return self._stored(request) if self.offline else self._asked(request)
        except OSError as error:  # network errors are handled where they occur
            what = f"its answers cannot be kept ({error.strerror})"  # status.json is public: no path
            raise FetchError(self.source.id, what, "check PURSUIT_CACHE and its room") from None
        except FetchError as error:
            if not request.best_effort:
                raise
            self.refusals.append(error)
            return None

    def _asked(self, request: Request) -> Snapshot | None:
        host = self._host(request)
        if why := self.limiter.unreachable.get(host):
            raise self._failure(request, why, CHECK_NETWORK)
        number = 0
        while True:
            number += 1
            try:
                return self._accepted(request, self._attempt(request))
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

    def _stored(self, request: Request) -> Snapshot | None:
        found = self.store.load(self.source.id, request)
        if found is None and not request.optional:
            raise self._failure(request, "not in the snapshot store", "run once without --offline")
        self.counts["stored"] += found is not None
        return found

    def _accepted(self, request: Request, answer: _Answer) -> Snapshot | None:
        now = self.clock.now()
        if answer.status == HTTPStatus.NOT_MODIFIED:
            self.store.confirm(self.source.id, request, now, self._kept(request, answer))
            found = self.store.load(self.source.id, request)
            if found is None:
                raise self._failure(request, "answered 304 for something never stored", "try again")
            self.counts["unchanged"] += 1
            return found
        if answer.status in (404, 410) and request.optional:
            self.store.save_absent(self.source.id, request, now)
            self.counts["absent"] += 1
            return None
        if answer.status != HTTPStatus.OK:
            why = refusal(answer.status, answer.headers, self.source.key_setting, self.env, now, answer.body)
            raise self._failure(request, *why)
        if wrong := content_mismatch(request.accept, answer.headers.get("Content-Type", ""), answer.body):
            raise self._failure(request, *wrong)
        self.counts["fetched"] += 1
        return self.store.save(
            self.source.id, request, answer.status, answer.body, now, self._kept(request, answer), answer.url
        )

    def _kept(self, request: Request, answer: _Answer) -> Mapping[str, str]:
        """Return the answer's headers without secrets; links of a base address become the public ones."""
        headers = CaseInsensitiveDict({n: self._redact(request, v) for n, v in answer.headers.items()})
        if (base := self.addresses.base) is not None and (link := headers.get("Link")):
            public = urlsplit(self.addresses.public(request.url))
            headers["Link"] = link.replace(
                f"<{base.scheme}://{base.netloc}/", f"<{public.scheme}://{public.netloc}/"
            )
        return headers

    def _host(self, request: Request) -> str:
        return urlsplit(self.addresses.actual(self.addresses.public(request.url))).netloc

    def _attempt(self, request: Request) -> _Answer:
        url, headers = self.addresses.public(request.url), dict(request.headers)
        params: dict[str, str] = dict(request.params)
        session, guard = self._session()
        before = self.store.load(self.source.id, request)
        if before is not None and before.etag:
            headers["If-None-Match"] = before.etag
        if before is not None and before.last_modified:
            headers["If-Modified-Since"] = before.last_modified
        with guard.allowance(self.limits.total):
            for _ in range(self.limits.redirects + 1):
                answer = self._once(request, session, guard, url, params, headers)
                target = answer.headers.get("Location", "")
                if answer.status not in REDIRECTS or not target:
                    shown = public_url(request) if url == self.addresses.public(request.url) else url
                    return _Answer(answer.status, answer.headers, answer.body, self._redact(request, shown))
                if request.method not in ("GET", "HEAD") and answer.status not in (307, 308):
                    raise self._failure(request, "answered a form with a redirect", "look at the source")
                following = self.addresses.public(target, relative_to=url)
                if urlsplit(following).hostname != urlsplit(url).hostname:
                    for name in request.secret_params:
                        headers.pop(name, None)
                url, params = following, {}
        raise self._failure(
            request, f"more than {self.limits.redirects} redirects", "the source sends in circles; try later"
        )

    def _once(
        self, request: Request, session: requests.Session, guard: Guard, url: str,
        params: dict[str, str], headers: dict[str, str],
    ) -> _Answer:  # fmt: skip
        host = urlsplit(url).hostname or ""
        actual = self.addresses.actual(url)
        prepared = session.prepare_request(
            requests.Request(request.method, actual, params=params, headers=headers, data=request.body)
        )
        network = NetworkSettings.of(actual, self.env)
        with self.limiter.slot(host, self.source.concurrency):
            self.limiter.wait(host, self.source.rate_per_second)
            try:
                response = session.send(
                    prepared,
                    stream=True,
                    allow_redirects=False,
                    timeout=(self.limits.connect, self.limits.read),
                    proxies=network.proxies,
                    verify=network.verify,
                )
                with response:
                    if response.status_code in RETRYABLE:
                        self._back_off(host, response)
                    body = b"" if response.status_code in REDIRECTS else self._body(request, response, guard)
                    return _Answer(response.status_code, response.headers, body, url)
            except (requests.RequestException, HTTPError, OSError) as error:
                if guard.expired:
                    raise self._too_slow(request) from None
                if wrong := network.fault(error):
                    raise self._failure(request, *wrong) from None
                why = error_reason(error)
                # a name that cannot be resolved seldom can a second later, and never for the next request
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

    def _body(self, request: Request, response: requests.Response, guard: Guard) -> bytes:
        """Read the body piece by piece, so that size and time are checked on the way."""
        pieces, size, began = list[bytes](), 0, self.clock.monotonic()
        announced = response.headers.get("Content-Length", "")
        while size <= self.limits.size and not (announced.isdigit() and int(announced) > self.limits.size):
            # read1 gives what has come; read would wait for a full buffer while a server drips
            piece = response.raw.read1(65536, decode_content=True)
            if guard.expired:
                raise self._too_slow(request)
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)
            size += len(piece)
            seconds = self.clock.monotonic() - began
            if seconds > self.limits.grace and size < seconds * self.limits.min_bytes_per_second:
                what = f"sends fewer than {self.limits.min_bytes_per_second} bytes a second"
                raise self._failure(request, what, CHECK_NETWORK)
        limit = self.limits.size // 1024
        raise self._failure(request, f"answer is larger than {limit} KiB", "look at what the source sends")

    def _session(self) -> tuple[requests.Session, Guard]:
        found: tuple[requests.Session, Guard] | None = getattr(self._local, "pair", None)
        if found is None:
            guard = Guard(self.addresses.check_peer)
            self.limiter.watch(guard)
            session = requests.Session()
            # no .netrc, no cookies: what is asked must not depend on whose machine it is
            session.trust_env = False
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            session.headers.update({"User-Agent": user_agent(self.env), "Accept-Encoding": "gzip, deflate"})
            session.mount("https://", GuardedAdapter(guard))
            session.mount("http://", GuardedAdapter(guard))
            found = self._local.pair = (session, guard)
        return found

    def close(self) -> None:
        """Close this thread's connections."""
        found: tuple[requests.Session, Guard] | None = getattr(self._local, "pair", None)
        if found is not None:
            found[0].close()
            del self._local.pair

    def _too_slow(self, request: Request) -> FetchError:
        return self._failure(request, f"did not finish within {self.limits.total:g} s", CHECK_NETWORK)

    def _failure(self, request: Request, what: str, fix: str) -> FetchError:
        address = self._redact(request, public_url(request))
        shown = address if len(address) <= SHOWN else f"{address[:SHOWN]}…"
        return FetchError(self.source.id, f"{what}: {shown}", fix)

    def _redact(self, request: Request, text: str) -> str:
        values = [{**request.headers, **request.params}.get(name, "") for name in request.secret_params]
        for value in filter(None, values):
            for form in {value, quote(value, safe=""), quote_plus(value)}:
                text = text.replace(form, "***")
        return text
