"""The shipped dataset behind Flask's own test client: no port, no network."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from dashboard.dataset import Dataset
from dashboard.site import Site


@pytest.fixture(scope="session")
def shipped(dataset: Dataset) -> Dataset:
    return dataset


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


@pytest.fixture(scope="session")
def soup(wsgi: Flask) -> Callable[..., BeautifulSoup]:
    """Return a page as a tree, read once for all tests: none may change it."""
    client = wsgi.test_client()

    @cache
    def get(path: str, lang: str = "en") -> BeautifulSoup:
        response = client.get(f"/{lang.lower()}{path}")
        assert response.status_code == 200, path
        return BeautifulSoup(response.data, "lxml")

    return get
