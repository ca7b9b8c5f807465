"""Rules that fit no kind, one module each, written like those of :mod:`dashboard.claims.kinds`."""
