"""The store's contract on every database there is."""

import pytest

from zaffre.testing.store import StoreContract


class TestSqlite(StoreContract):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path}/home/zaffre.db"


class TestPostgres(StoreContract):
    @pytest.fixture
    def url(self, postgres_url):
        return postgres_url
