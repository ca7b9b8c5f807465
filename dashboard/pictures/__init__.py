"""Charts as pictures, without a browser: ``png(draw(build("pursuit_lines", dataset, "en")))``."""

from dashboard.pictures.frame import credited
from dashboard.pictures.raster import PictureError, png
from dashboard.pictures.svg import draw, labels, svg

__all__ = ["PictureError", "credited", "draw", "labels", "png", "svg"]
