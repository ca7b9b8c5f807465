"""The plotly.js bundle that ships is what its recipe built, of the version that plotly.py and Dash use."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from dashboard.paths import ASSETS

VENDOR = ASSETS / "vendor"
RECIPE = Path(__file__).parents[2] / "tools" / "plotly" / "package.json"


def test_the_bundle_is_the_recorded_one() -> None:
    wanted, name = (VENDOR / "SHA256SUMS").read_text("utf-8").split()
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == wanted


def test_the_bundle_is_plotlys_own_version() -> None:
    from plotly.offline import get_plotlyjs_version

    head = (VENDOR / "plotly.min.js").read_text("utf-8")[:400]
    found = re.search(r"v(\d+\.\d+\.\d+)", head)
    assert found
    assert found[1] == json.loads(RECIPE.read_text("utf-8"))["dependencies"]["plotly.js"]
    assert found[1] == get_plotlyjs_version()
    assert "MIT license" in head
    assert (VENDOR / "plotly.LICENSE").is_file()
