"""Collects public documents and publishes ``data/``; nothing else writes there."""
