"""Statements, names and types that every database's reader shares."""

from __future__ import annotations

import datetime
import decimal
import uuid

import pyarrow as pa
import pytest

from zaffre.core.errors import Invalid
from zaffre.core.targets import Database
from zaffre.staging.databases import reader
from zaffre.staging.order import Query

WHERE = Database("postgresql", "h", 5432, "d")


@pytest.mark.parametrize(
    ("name", "quotes", "made"),
    [
        ("orders", '""', '"orders"'),
        ("public.orders", '""', '"public"."orders"'),
        ('public."my.orders"', '""', '"public"."my.orders"'),
        ("[dbo].[my.orders]", "[]", "[dbo].[my.orders]"),
        ("dbo.my orders", "[]", "[dbo].[my orders]"),
        ("shop.orders", "``", "`shop`.`orders`"),
        ('a"".b'.replace('""', ""), '""', '"a"."b"'),
        ('"a""b"', '""', '"a""b"'),
        ("x; drop table y", '""', '"x; drop table y"'),
        ("x) union select (1", "``", "`x) union select (1`"),
    ],
)
def test_names_are_quoted_part_by_part(name, quotes, made):
    assert reader.quoted(name, quotes) == made


@pytest.mark.parametrize(
    "name", ["", ".", "a.", ".a", "a..b", 'a"b', "a`b", 'x"; drop table y; --', "x]; drop table y; --"]
)
def test_names_that_are_none(name):
    with pytest.raises(Invalid, match="is no name of a table or procedure"):
        reader.quoted(name, '""')


def test_a_statement_is_as_it_was_written_but_for_its_end():
    assert reader.statement(Query(WHERE, "/f", "mltable", statement=" select ';' ; \n"), '""') == "select ';'"
    assert reader.statement(Query(WHERE, "/f", "mltable", table="a.b"), '""') == 'SELECT * FROM "a"."b"'


@pytest.mark.parametrize(
    ("names", "said"), [([], "the statement answers no rows"), (["a", "b", "a"], "several columns named a")]
)
def test_answers_whose_columns_cannot_be_told_apart(names, said):
    with pytest.raises(Invalid, match=said):
        reader.check_names(names)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([None, 1, 2], pa.int64()),
        ([None, None], pa.string()),
        ([1, "a"], pa.string()),
        ([2**70], pa.string()),
        ([uuid.UUID(int=1), "a"], pa.string()),
        ([decimal.Decimal("1.5")], pa.decimal256(76, 38)),
        ([datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)], pa.timestamp("us", "UTC")),
        ([datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)], pa.timestamp("us")),
    ],
)
def test_types_by_what_is_there(values, kind):
    assert reader.of_values(values) == kind


@pytest.mark.parametrize(
    ("precision", "scale", "kind"),
    [
        (12, 4, pa.decimal128(12, 4)),
        (50, 2, pa.decimal256(50, 2)),
        (None, None, pa.decimal256(76, 38)),
        (3, 5, pa.decimal256(76, 38)),
    ],
)
def test_declared_decimals(precision, scale, kind):
    assert reader.decimal(precision, scale) == kind
