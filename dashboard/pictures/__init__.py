"""Charts as pictures, without a browser.

>>> picture = draw(build("pursuit_lines", dataset, "en"))  # doctest: +SKIP
>>> Path("pursuit.png").write_bytes(png(picture))  # doctest: +SKIP
"""

from __future__ import annotations

from dashboard.pictures.credit import credited
from dashboard.pictures.raster import PictureError, png
from dashboard.pictures.svg import draw, labels, svg

__all__ = ["PictureError", "credited", "draw", "labels", "png", "svg"]
