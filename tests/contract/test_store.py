"""The store's contract on every database there is. PostgreSQL joins with a class like this one."""

import pytest

from zaffre.testing.store import StoreContract


class TestSqlite(StoreContract):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path}/home/zaffre.db"
