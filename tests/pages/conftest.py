"""The shipped dataset behind Flask's own test client: no port, no network."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.app import create_app
from dashboard.dataset import Dataset
from dashboard.paths import PACKAGE
from dashboard.site import Site

DATA = PACKAGE.parent / "data"


@pytest.fixture(scope="session")
def shipped() -> Dataset:
    return Dataset.load(DATA)


@pytest.fixture(scope="session")
def wsgi(shipped: Dataset) -> Flask:
    flask: Flask = create_app(shipped).server
    flask.testing = True
    return flask


@pytest.fixture(scope="session")
def site(wsgi: Flask) -> Site:
    found = wsgi.extensions["pursuit"]
    assert isinstance(found, Site)
    return found


@pytest.fixture
def client(wsgi: Flask) -> FlaskClient:
    return wsgi.test_client()


@pytest.fixture
def page(client: FlaskClient) -> Callable[..., str]:
    """Return a page's text; it has to be there."""

    def get(path: str, lang: str = "en") -> str:
        response = client.get(f"/{lang.lower()}{path}")
        assert response.status_code == 200, path
        return response.get_data(as_text=True)

    return get
