"""What an answer without data means: how long to wait, what was refused and why."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

RETRYABLE = frozenset({429, 500, 502, 503, 504})
"""Statuses worth another attempt."""
FIREWALL = (b"UrlACL", b"Web Application Firewall", b"errors.edgesuite.net", b"cf-error-details")
"""Found in the pages that firewalls send when they refuse a client."""
CHALLENGES = (
    b"acw_sc__v2",
    b"__jsl_clearance",
    b"_cf_chl_opt",
    b"/cdn-cgi/challenge-platform/",
    b"$_ts=window",
)
"""Found in the pages that firewalls send, with status 200, to test for a browser."""
BLOCKED = ("stopped by the service's firewall", "it refuses this network or client; no key helps")
TOO_OFTEN = "the service limits how often it is asked; try again later"
FIXES = dict.fromkeys((401, 403), "give PURSUIT_CONTACT and, where the source wants one, an API key") | (
    dict.fromkeys((404, 410), "the address has changed; look at the source")
)
_YEAR = 365 * 24 * 3600


def retry_after(text: str, now: str) -> float | None:
    """Return the seconds a Retry-After header asks for (a number, or an HTTP date); ``None`` if neither."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(float(text), _YEAR)  # of 400 digits makes an infinity
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.fromisoformat(now)).total_seconds())


def _count(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "").strip()
    return int(text) if re.fullmatch(r"[0-9]{1,10}", text) else None


def _quota(headers: Mapping[str, str], now: str) -> tuple[bool, str]:
    """Return whether less is left of a quota than a request costs, and when it is renewed (UTC; ``""``).

    The header holds a moment (epoch seconds) or, with some services, the seconds until then.
    """
    left, cost = _count(headers, "X-RateLimit-Remaining"), _count(headers, "X-RateLimit-Credits-Required")
    exhausted, reset = left is not None and left < max(1, cost or 0), _count(headers, "X-RateLimit-Reset")
    if reset is None:
        return exhausted, ""
    at = datetime.fromisoformat(now) + timedelta(seconds=reset) if reset < _YEAR else None
    return exhausted, (at or datetime.fromtimestamp(reset, UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds_to_wait(headers: Mapping[str, str], now: str) -> float | None:
    """Return the seconds to wait that an answer names, by any of the headers in use; ``None`` if none.

    The last is the ``t`` of the IETF draft's ``RateLimit: "api";r=0;t=295``.
    """
    after = retry_after(headers.get("Retry-After", ""), now)
    exhausted, renewed = _quota(headers, now)
    if after is None and exhausted and renewed:
        return max(0.0, (datetime.fromisoformat(renewed) - datetime.fromisoformat(now)).total_seconds())
    window = re.search(r";\s*t=([0-9]{1,6})\b", headers.get("RateLimit", ""))
    return float(window[1]) if after is None and window else after


def refusal(
    status: int, headers: Mapping[str, str], body: bytes, missing_key: str, now: str
) -> tuple[str, str]:
    """Return what a refusing status means and how to fix it. ``missing_key``: a setting that would help."""
    phrase = {one.value: one.phrase for one in HTTPStatus}.get(status, "unknown status")
    after = seconds_to_wait(headers, now)
    exhausted, renewed = _quota(headers, now)
    if status in (403, 429) and (exhausted or after is not None):
        limit = _count(headers, "X-RateLimit-Limit")
        amount = f" of {limit}" if limit is not None else ""
        until = f" until {renewed}" if renewed else f" for {after:.0f} s" if after else ""
        fix = f"try again after {renewed}" if renewed else "try again later"
        fix += f", or set {missing_key}, which raises the limit" if missing_key else ""
        return f"HTTP {status}, rate limit{amount} used up{until}", fix
    if status in (403, 429) and re.search(rb"rate.limit|too many requests", body[:4096], re.IGNORECASE):
        return f"HTTP {status}, asked too often", TOO_OFTEN
    if status == HTTPStatus.FORBIDDEN and any(word in body[:65536] for word in FIREWALL):
        return f"HTTP 403, {BLOCKED[0]}", BLOCKED[1]
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return "the proxy wants a password", "write it into HTTP_PROXY: http://user:password@host:port"
    if status in FIXES:
        return f"HTTP {status} {phrase}", FIXES[status]
    if after:
        return f"HTTP {status} {phrase} for {after:.0f} s", "try again later"
    return f"HTTP {status} {phrase}", "look at the source, or try later"


def content_mismatch(accept: tuple[str, ...], content_type: str, body: bytes) -> tuple[str, str] | None:
    """Say why a body with status 200 is no data, and how to fix it: several services send errors as pages."""
    if len(body) < 65536 and any(word in body for word in (*FIREWALL, *CHALLENGES)):
        return BLOCKED
    if not accept:
        return None
    wanted = ", ".join(accept)
    declared = content_type.split(";")[0].strip().lower()
    start = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    html_is_right = any("html" in kind for kind in accept)
    if not html_is_right and (start.startswith((b"<!doctype html", b"<html")) or "html" in declared):
        return f"sent a web page instead of {wanted}", "an error or login page; try later"
    text = " ".join(body[:200].decode("utf-8", "replace").split())
    if declared == "text/plain" and declared not in accept and 0 < len(body) <= len(text) + 8:
        return f"says: {text}", "an error in plain words; try later"
    if declared and not any(declared == kind.lower() for kind in accept):
        return f"sent {declared[:60]!a} instead of {wanted}", "the source may have changed; look at it"
    return None if body.strip() else ("sent nothing", "try later")
