"""Charts as pictures, without a browser: record → SVG → PNG, PDF.

>>> picture = svg(build("pursuit_lines", dataset, "en"))  # doctest: +SKIP
>>> Path("pursuit.png").write_bytes(png(picture))  # doctest: +SKIP
"""

from __future__ import annotations

from dashboard.pictures.credit import credited
from dashboard.pictures.raster import PictureError, pdf, png
from dashboard.pictures.svg import labels, svg

__all__ = ["PictureError", "credited", "labels", "pdf", "png", "svg"]
