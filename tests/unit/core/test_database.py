"""What of a database's address people may see."""

import pytest

from zaffre.core.database import is_postgres, masked


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://host/db", "postgresql://host/db"),
        ("postgresql://me@host:5432/db?sslmode=require", "postgresql://me@host:5432/db?sslmode=require"),
        ("postgresql://me:secret@host/db", "postgresql://me:***@host/db"),
        ("postgresql://me:se:cr@et@host/db", "postgresql://me:***@host/db"),
        ("postgresql://me:se?cret@host/db", "postgresql://me:***@host/db"),
        ("postgresql://host/db?user=me&password=secret&x=1", "postgresql://host/db?user=me&password=***&x=1"),
        ("postgresql:///db?host=/run/pg&sslpassword=secret", "postgresql:///db?host=/run/pg&sslpassword=***"),
        ("host=there password=secret", "***"),
        ("sqlite:////home/zaffre.db", "sqlite:////home/zaffre.db"),
    ],
)
def test_what_is_secret_is_masked(url, shown):
    assert masked(url) == shown


def test_postgres_has_two_names():
    assert [is_postgres(url) for url in ("postgresql://a/b", "postgres://a/b", "sqlite:////a", "x")] == [
        True,
        True,
        False,
        False,
    ]
