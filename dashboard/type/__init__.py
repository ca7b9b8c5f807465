"""Fonts and measured text: what a run of words is as wide as, and where it breaks."""
