"""Puts the published dataset into the wheel (``dashboard/_data``), so that an installed Pursuit serves."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithData(build_py):
    """Copy ``data/`` beside the package when a wheel is built; an editable install reads the checkout's."""

    def run(self) -> None:
        """Build as usual, then add the dataset."""
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib) / "dashboard" / "_data"
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(Path(__file__).parent / "data", target, ignore=shutil.ignore_patterns(".*"))


setup(cmdclass={"build_py": BuildWithData})
