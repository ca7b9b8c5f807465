"""Fonts and measured text: how wide a text is, and where its lines break."""
