"""Drivers that are not here: what a connection is asked for, and what is said where one is missing. The driver of these
tests is a module of their own that speaks PEP 249; a real MySQL is no part of them.
"""

from __future__ import annotations

import ssl
import sys
import types
from contextlib import AbstractContextManager

import pytest

from zaffre.core.errors import Forbidden, Invalid, NotBuilt
from zaffre.core.targets import database_of
from zaffre.staging.databases import others
from zaffre.staging.egress import Egress
from zaffre.staging.order import Query
from zaffre.staging.policy import Policy


class Cursor(AbstractContextManager):
    def __init__(self, driver):
        self._driver = driver
        self._rows = [(1, None, "a"), (2, 3, 4)]
        self.description = [("i",), ("n",), ("m",)]

    def __exit__(self, *_):
        return None

    def execute(self, statement):
        self._driver.asked.append(statement)

    def fetchmany(self, most):
        found, self._rows = self._rows[:most], self._rows[most:]
        return found


class Connection:
    def __init__(self, driver):
        self._driver = driver

    def connect(self, sock):
        self._driver.peers.append(sock.getpeername()[1])

    def cursor(self):
        return Cursor(self._driver)

    def close(self):
        self._driver.peers.append("closed")


@pytest.fixture
def port(listener):
    return listener


@pytest.fixture
def listener():
    import socket

    with socket.create_server(("127.0.0.1", 0)) as found:
        yield found.getsockname()[1]


@pytest.fixture
def driver(monkeypatch):
    made = types.ModuleType("pymysql")
    made.VERSION, made.Error, made.asked, made.peers, made.told = (1, 2, 4, "final"), KeyError, [], [], {}
    made.cursors = types.SimpleNamespace(SSCursor=Cursor)

    def connect(**told):
        made.told = told
        return Connection(made)

    made.connect = connect
    for name in ("pymysql", "pymssql"):
        monkeypatch.setitem(sys.modules, name, made)
    return made


EGRESS = Egress(Policy(("127.0.0.0/8",)))


def query(kind, target, **more):
    asked = more or {"statement": "select 1;"}
    return Query(
        database_of({"type": kind, "target": target}), "/f", "mltable", username="me", password="hunter2", **asked
    )


def test_mysql_reads_in_a_transaction_that_only_reads(driver, port):
    with others.mysql(query("azure_my_sql_db", f"mysql://127.0.0.1:{port}/rain"), EGRESS) as found:
        assert [(one.name, str(one.type)) for one in found.columns] == [("i", "int64"), ("n", "int64"), ("m", "string")]
        assert found.rows(1) == [(1, None, "a")]
        assert found.rows(5) == [(2, 3, "4")]
        assert found.rows(5) == []
    assert driver.asked == ["SET time_zone = '+00:00'", "START TRANSACTION READ ONLY", "select 1"]
    assert driver.peers == [port, "closed"] and driver.told["local_infile"] is False


@pytest.mark.parametrize(
    ("options", "verified"), [("?sslmode=verify-full", ssl.CERT_REQUIRED), ("?useSSL=true", ssl.CERT_NONE)]
)
def test_mysql_insists_on_the_encryption_that_is_asked_for(driver, port, options, verified):
    with others.mysql(query("azure_my_sql_db", f"mysql://127.0.0.1:{port}/rain{options}"), EGRESS):
        assert driver.told["ssl"].verify_mode == verified
        assert driver.told["ssl"].check_hostname is (verified == ssl.CERT_REQUIRED)


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("azure_my_sql_db", "CALL `shop`.`up`('it\\\\''s', '2')"),
        ("azure_sql_db", "EXEC [shop].[up] @a = 'it\\''s', @b = '2'"),
    ],
)
def test_values_of_a_procedure_are_literals(driver, port, kind, asked):
    given = (("a", "it\\'s", "String"), ("@b", "2", "Int32"))
    open_ = others.mysql if kind == "azure_my_sql_db" else others.mssql
    with open_(query(kind, f"127.0.0.1:{port}/rain", procedure="shop.up", parameters=given), EGRESS):
        assert driver.asked[-1] == asked


@pytest.mark.parametrize("name", ["a = 1; drop table x --", "", "1a", "a b"])
def test_names_of_parameters_are_names(driver, port, name):
    with (
        pytest.raises(Invalid, match="is no name of a parameter"),
        others.mssql(
            query("azure_sql_db", f"127.0.0.1:{port}/rain", procedure="up", parameters=((name, "", ""),)), EGRESS
        ),
    ):
        pass


def test_a_private_address_is_not_reached(driver, port):
    with (
        pytest.raises(Forbidden, match=r"egress\.allow"),
        others.mysql(query("azure_my_sql_db", f"127.0.0.1:{port}/rain"), Egress(Policy())),
    ):
        pass
    assert driver.peers == []


def test_a_driver_that_is_not_here_or_too_old(driver, port, monkeypatch):
    driver.VERSION = (1, 1, 0, "final")
    asked = query("azure_my_sql_db", f"127.0.0.1:{port}/rain")
    for module in (driver, None):
        monkeypatch.setitem(sys.modules, "pymysql", module)
        with pytest.raises(NotBuilt, match=r"uv pip install --python .* 'PyMySQL>=1\.2'"), others.mysql(asked, EGRESS):
            pass
