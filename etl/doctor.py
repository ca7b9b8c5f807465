"""``pursuit doctor``: checks that everything Pursuit needs is present, and says how to fix what is not."""

import os
import re
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import Distribution, requires
from pathlib import Path

import requests

from etl import paths
from etl.errors import PursuitError
from etl.http import Addresses
from etl.network import error_reason, user_agent
from etl.options import chosen
from etl.snapshots import SnapshotStore
from etl.sources.base import Source

NETWORK = "network: "
TIMEOUT = 3.0


@dataclass(frozen=True)
class Check:
    """One thing checked: ``critical`` if Pursuit does not work without it."""

    name: str
    ok: bool
    detail: str
    fix: str = ""
    critical: bool = True


def run_checks() -> list[Check]:
    sources = [source for source in chosen([]) if source.hosts]
    with ThreadPoolExecutor(max_workers=8) as pool:
        network = list(pool.map(_reach, sources))
    version = ".".join(map(str, sys.version_info[:3]))
    names = [re.split(r"[^\w.-]", line)[0] for line in requires("pursuit") or [] if ";" not in line]
    missing = [name for name in names if not any(Distribution.discover(name=name))]
    libraries = f"missing: {', '.join(missing)}" if missing else f"{len(names)} installed"
    folder = paths.PACKAGE.parent / "dashboard" / "assets" / "fonts"
    fonts = len([p for p in folder.glob("*") if p.suffix in {".ttf", ".otf", ".woff2"}])
    data = paths.data_dir()
    has_dataset = (data / "entities.csv").is_file() and (data / "indicators.csv").is_file()
    fix = f"make {data.parent} writable, or set PURSUIT_DATA elsewhere (only refresh and add need it)"
    if packaged := data == paths.PACKAGED_DATA:
        fix = f"copy {data} to a directory of yours and set PURSUIT_DATA to it"
    writable = not packaged and _writable(data.parent)
    cache = paths.cache_dir()
    try:
        stored = f"{cache} ({SnapshotStore(cache / 'snapshots').size() / 1e6:,.0f} MB of answers)"
        cache_ok = _writable(next(p for p in (cache, *cache.parents) if p.exists()))
    except OSError as error:
        cache_ok, stored = False, f"{error.filename}: {error.strerror}"
    contact = bool(os.environ.get("PURSUIT_CONTACT"))
    return [
        Check("python", sys.version_info >= (3, 11), version, "install Python 3.11 or newer"),
        Check("libraries", not missing, libraries, "reinstall: pip install -r requirements.lock"),
        Check("fonts", fonts > 0, f"{fonts} font files in {folder}", "reinstall the package: it has them"),
        Check("data", has_dataset, str(data), "set PURSUIT_DATA to a directory that holds a dataset"),
        Check("write access", writable, str(data.parent), fix, critical=False),
        Check("cache", cache_ok, stored, "set PURSUIT_CACHE to a directory that is yours", critical=False),
        Check("contact", contact, user_agent(os.environ) if contact else "PURSUIT_CONTACT is not set",
              "set it to a mail or web address; some services slow down or refuse clients without one",
              critical=False),
        *network,
    ]  # fmt: skip


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


def _reach(source: Source) -> Check:
    name = f"{NETWORK}{source.id}"
    fix = f"check the network, or set PURSUIT_BASE_URL_{source.id.upper()}; published data need no network"
    headers = {"User-Agent": user_agent(os.environ)}
    try:
        address = Addresses(source.id, source.hosts, os.environ).actual(f"https://{source.hosts[0]}/")
        answer = requests.head(address, timeout=TIMEOUT, allow_redirects=False, headers=headers)
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
