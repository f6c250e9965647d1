"""``?filter=`` read."""

import pytest

from zaffre.core import filters
from zaffre.core.errors import Invalid
from zaffre.core.filters import Term

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("  ", ()),
        ("status = failed", (Term("status", "=", "Failed"),)),
        ("status!=CANCEL_REQUESTED", (Term("status", "!=", "CancelRequested"),)),
        ("tags.team=blue AND name ~ 'a b'", (Term("tags", "=", "blue", "team"), Term("name", "~", "a b"))),
        ('tags."my key" != ""', (Term("tags", "!=", "", "my key"),)),
        ("text ~ and", (Term("text", "~", "and"),)),
        ("created > 7d", (Term("created", ">", "7d", "", NOW - 7 * 86_400),)),
        ("created <= 1970-01-02", (Term("created", "<=", "1970-01-02", "", 86_400.0),)),
        ("created<1970-01-01T01:00:00+01:00", (Term("created", "<", "1970-01-01T01:00:00+01:00", "", 0.0),)),
    ],
)
def test_what_is_read(text, expected):
    assert filters.parse(text, NOW) == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("stat = Failed", 'did you mean "status"'),
        ("status = Faild", "Failed"),
        ("status ~ Failed", "compared with = !="),
        ("created = 7d", "compared with > >= < <="),
        ("created > soon", "2026-01-31"),
        ("created > 99999999d", "how long ago"),
        ("tags = blue", "tags.KEY"),
        ("name.x = y", "tags.KEY"),
        ("name = a name = b", "'and'"),
        ("name = a and and", "FIELD SIGN VALUE"),
        ("name", "FIELD SIGN VALUE"),
        ("name = 'a", "FIELD SIGN VALUE"),
        ("'; drop table", "FIELD SIGN VALUE"),
        (" and ".join(["name = a"] * 21), "at most 20"),
    ],
)
def test_what_is_wrong_is_told(text, told):
    with pytest.raises(Invalid) as refused:
        filters.parse(text, NOW)
    assert told in str(refused.value)
    assert refused.value.problems[0].field == "filter"
