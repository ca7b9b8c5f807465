"""Collecting side of Pursuit: public documents in, tidy validated tables out.

``etl`` is the only writer of the published dataset (``data/``) and never imports ``dashboard``.
"""
