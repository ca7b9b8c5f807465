"""One module per public source; each offers ``SOURCE``, see :mod:`etl.sources.base`."""
