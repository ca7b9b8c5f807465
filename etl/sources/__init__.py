"""The public sources, see :mod:`etl.sources.base`."""
