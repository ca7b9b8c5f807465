"""Fetching the requests of a source: identified, paced, and strict about what it accepts.

Connection errors, 429 and 5xx are retried with jitter, and Retry-After is obeyed. Answers that are too
large, too slow or from an unexpected host are refused. No secret reaches an error or the snapshot store.
"""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import quote, quote_plus, urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError

from etl.addresses import Addresses, origin
from etl.answers import RETRYABLE, TOO_OFTEN, content_mismatch, refusal, seconds_to_wait
from etl.errors import FetchError
from etl.network import UNREACHABLE, NetworkSettings, Session, error_reason
from etl.pacing import Clock, Limits, RateLimiter
from etl.snapshots import SnapshotStore, public_url
from etl.sources.base import Request, Snapshot, Source

REDIRECTS = frozenset({301, 302, 303, 307, 308})
SHOWN = 120
"""Characters of an address that an error shows."""
CHECK_NETWORK = "check the network, or work from the store with --offline"


class _TryAgain(Exception):  # noqa: N818 - no failure yet
    """Worth another attempt ``after`` seconds (``None``: back off), in ``most`` attempts at most."""

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
    """Fetches the requests of one source in one thread, through the snapshot store."""

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
        self.session = Session(self.addresses.check_peer, self.env)
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

    def close(self) -> None:
        self.session.close()

    def _stored(self, request: Request) -> Snapshot | None:
        found = self.store.load(self.source.id, request)
        if found is None and not request.optional:
            raise self._failure(request, "not in the snapshot store", "run once without --offline")
        self.counts["stored"] += found is not None
        return found

    def _fetched(self, request: Request) -> Snapshot | None:
        host = urlsplit(self.addresses.actual(self.addresses.public(request.url))).netloc
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

    def _attempt(self, request: Request) -> _Answer:
        url, params = self.addresses.public(request.url), dict(request.params)
        headers = dict(request.headers)
        if before := self.store.load(self.source.id, request):
            known = {"If-None-Match": before.etag, "If-Modified-Since": before.last_modified}
            headers |= {name: value for name, value in known.items() if value}
        shown = public_url(request)
        with self.session.time_limit(self.limits.total):
            for _ in range(self.limits.redirects + 1):
                answer = self._send(request, url, params, headers)
                target = answer.headers.get("Location", "")
                if answer.status not in REDIRECTS or not target:
                    return replace(answer, url=self._redact(request, shown))
                if request.method not in ("GET", "HEAD") and answer.status not in (307, 308):
                    raise self._failure(request, "answered a form with a redirect", "look at the source")
                following = self.addresses.public(target, relative_to=url)
                if urlsplit(following).hostname != urlsplit(url).hostname:
                    for name in request.secret_params:
                        headers.pop(name, None)
                url, shown, params = following, following, {}
        what = f"more than {self.limits.redirects} redirects"
        raise self._failure(request, what, "the source sends in circles; try later")

    def _send(self, request: Request, url: str, params: dict[str, str], headers: dict[str, str]) -> _Answer:
        host, actual = urlsplit(url).hostname or "", self.addresses.actual(url)
        prepared = self.session.prepare_request(
            requests.Request(request.method, actual, params=params, headers=headers, data=request.body)
        )
        network = NetworkSettings.of(actual, self.env)
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
                    body = b"" if response.status_code in REDIRECTS else self._body(request, response)
                    return _Answer(response.status_code, response.headers, body, url)
            except (requests.RequestException, HTTPError, OSError) as error:
                if self.session.expired:
                    raise self._too_slow(request) from None
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
        while len(body) <= self.limits.size and not (
            announced.isdigit() and int(announced) > self.limits.size
        ):
            # read1 gives what has come; read would wait for a full buffer while a server drips
            piece = response.raw.read1(65536, decode_content=True)
            if self.session.expired:
                raise self._too_slow(request)
            if not piece:
                return bytes(body)
            body += piece
        what = f"answer is larger than {self.limits.size // 1024} KiB"
        raise self._failure(request, what, "look at what the source sends")

    def _accepted(self, request: Request, answer: _Answer) -> Snapshot | None:
        now, source = self.clock.now(), self.source.id
        if answer.status == HTTPStatus.NOT_MODIFIED:
            self.store.confirm(source, request, now, self._public_headers(request, answer))
            found = self.store.load(source, request)
            if found is None:
                raise self._failure(request, "answered 304 for something never stored", "try again")
            self.counts["unchanged"] += 1
            return found
        if answer.status in (404, 410) and request.optional:
            self.store.save_absent(source, request, now)
            self.counts["absent"] += 1
            return None
        if answer.status != HTTPStatus.OK:
            key = self.source.key_setting
            missing_key = "" if self.env.get(key, "").strip() else key
            why = refusal(answer.status, answer.headers, answer.body, missing_key, now)
            raise self._failure(request, *why)
        if wrong := content_mismatch(request.accept, answer.headers.get("Content-Type", ""), answer.body):
            raise self._failure(request, *wrong)
        self.counts["fetched"] += 1
        headers = self._public_headers(request, answer)
        return self.store.save(source, request, answer.status, answer.body, now, headers, answer.url)

    def _public_headers(self, request: Request, answer: _Answer) -> Mapping[str, str]:
        base, public = self.addresses.base or "\n", origin(self.addresses.public(request.url))
        return CaseInsensitiveDict(
            (name, self._redact(request, value).replace(f"{base}/", f"{public}/"))
            for name, value in answer.headers.items()
        )

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
