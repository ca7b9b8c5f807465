"""``pursuit doctor``: checks that everything Pursuit needs is present, and says how to fix what is not."""

from __future__ import annotations

import importlib.metadata
import os
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import requests

from etl import paths, registry
from etl.addresses import Addresses
from etl.errors import PursuitError
from etl.network import error_reason, user_agent
from etl.snapshots import SnapshotStore
from etl.sources.base import Source

NETWORK = "network: "


@dataclass(frozen=True)
class Check:
    """One thing checked: ``critical`` if Pursuit does not work without it."""

    name: str
    ok: bool
    detail: str
    fix: str = ""
    critical: bool = True


def run_checks(env: Mapping[str, str] | None = None, timeout: float = 3.0) -> list[Check]:
    """Check everything; each source gets one HEAD request, ``timeout`` seconds at most."""
    env = dict(os.environ) if env is None else env
    sources = [source for source in registry.chosen([]) if source.hosts]
    with ThreadPoolExecutor(max_workers=8) as pool:
        network = list(pool.map(lambda source: _reach(source, env, timeout), sources))
    version = ".".join(map(str, sys.version_info[:3]))
    return [
        Check("python", sys.version_info >= (3, 11), version, "install Python 3.11 or newer"),
        _libraries(),
        _fonts(),
        *_data(env),
        _cache(env),
        _contact(env),
        *network,
    ]


def as_lines(checks: Sequence[Check]) -> list[str]:
    """Return a line a check; all sources in one line where every one answers, or none."""
    sources = [check for check in checks if check.name.startswith(NETWORK)]
    if len({check.ok for check in sources}) == 1 and len(sources) > 1:
        ok = sources[0].ok
        detail = f"{len(sources)} sources answer" if ok else f"none of {len(sources)} sources answers"
        fix = "check the network and its proxy; the published data need none"
        others = [check for check in checks if check not in sources]
        checks = [*others, Check("network", ok, detail, fix, critical=False)]
    return [
        f"{'ok  ' if check.ok else 'FAIL' if check.critical else 'note'} {check.name}: {check.detail}"
        + (f"; {check.fix}" if not check.ok else "")
        for check in checks
    ]


def _libraries() -> Check:
    names = [re.split(r"[^A-Za-z0-9._-]", line)[0] for line in importlib.metadata.requires("pursuit") or []
             if ";" not in line]  # fmt: skip
    missing = []
    for name in names:
        try:
            importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    detail = f"missing: {', '.join(missing)}" if missing else f"{len(names)} installed"
    return Check("libraries", not missing, detail, "reinstall: pip install -r requirements.lock")


def _fonts() -> Check:
    folder = paths.PACKAGE.parent / "dashboard" / "assets" / "fonts"
    count = len([p for p in folder.glob("*") if p.suffix in {".ttf", ".otf", ".woff2"}])
    fix = "reinstall the package; fonts are part of it"
    return Check("fonts", count > 0, f"{count} font files in {folder}", fix)


def _data(env: Mapping[str, str]) -> list[Check]:
    folder = paths.data_dir(env)
    there = (folder / "entities.csv").is_file() and (folder / "indicators.csv").is_file()
    packaged = folder == paths.PACKAGED_DATA
    fix = f"make {folder.parent} writable, or set PURSUIT_DATA elsewhere (only refresh and add need it)"
    if packaged:
        fix = f"copy {folder} to a directory of yours and set PURSUIT_DATA to it"
    writable = _writable(folder.parent) and not packaged
    return [
        Check("data", there, str(folder), "set PURSUIT_DATA to a directory that holds a dataset"),
        Check("write access", writable, str(folder.parent), fix, critical=False),
    ]


def _cache(env: Mapping[str, str]) -> Check:
    folder = paths.cache_dir(env)
    fix = "set PURSUIT_CACHE to a directory that is yours"
    try:
        nearest = next(p for p in (folder, *folder.parents) if p.exists())
        size = SnapshotStore(folder / "snapshots").size() / 1e6
    except OSError as error:
        return Check("cache", False, f"{error.filename}: {error.strerror}", fix, critical=False)
    detail = f"{folder} ({size:,.0f} MB of answers)"
    return Check("cache", _writable(nearest), detail, fix, critical=False)


def _contact(env: Mapping[str, str]) -> Check:
    known = bool(env.get("PURSUIT_CONTACT"))
    detail = user_agent(env) if known else "PURSUIT_CONTACT is not set"
    fix = "set it to a mail or web address; some services slow down or refuse clients without one"
    return Check("contact", known, detail, fix, critical=False)


def _reach(source: Source, env: Mapping[str, str], timeout: float) -> Check:
    name = f"{NETWORK}{source.id}"
    fix = f"check the network, or set PURSUIT_BASE_URL_{source.id.upper()}; published data need no network"
    headers = {"User-Agent": user_agent(env)}
    try:
        address = Addresses.of(source.id, source.hosts, env).actual(f"https://{source.hosts[0]}/")
        answer = requests.head(address, timeout=timeout, allow_redirects=False, headers=headers)
    except PursuitError as error:
        return Check(name, False, error.what, error.fix)
    except requests.RequestException as error:
        return Check(name, False, f"{address}: {error_reason(error)}", fix, critical=False)
    return Check(name, True, f"{address} answers ({answer.status_code})")


def _writable(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
