"""The few rules that no kind fits, one module each, made like those of :mod:`dashboard.claims.kinds`."""
