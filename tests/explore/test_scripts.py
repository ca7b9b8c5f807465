"""The browser's scripts by themselves, in the node that Playwright brings: no browser, nothing installed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import playwright
import pytest

ROOT = Path(__file__).parents[2]
NODE = Path(playwright.__file__).parent / "driver" / "node"


@pytest.mark.parametrize("script", sorted((ROOT / "tests" / "js").glob("*.test.mjs")), ids=lambda p: p.name)
def test_a_script(script: Path) -> None:
    done = subprocess.run([NODE, "--test", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "pass 0" not in done.stdout
