"""MLflow's filter language: what is read, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaffre.tracking import filters
from zaffre.tracking.errors import Refusal
from zaffre.tracking.filters import Clause


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("metrics.acc > 0.5", [Clause("metric", "acc", ">", 0.5)]),
        ("metric.acc>=1e-3", [Clause("metric", "acc", ">=", 0.001)]),
        ("metrics.`my loss` != -2", [Clause("metric", "my loss", "!=", -2.0)]),
        ('params."a.b" = "x y"', [Clause("parameter", "a.b", "=", "x y")]),
        ("tags.mlflow.parentRunId = 'r'", [Clause("tag", "mlflow.parentRunId", "=", "r")]),
        ("tags.`k` ILIKE '%AND%'", [Clause("tag", "k", "ILIKE", "%AND%")]),
        (
            "status = 'FINISHED' and attr.Created < 5",
            [
                Clause("attribute", "status", "=", "FINISHED"),
                Clause("attribute", "start_time", "<", 5),
            ],
        ),
        ("run_id IN ('a', \"b\")", [Clause("attribute", "run_id", "IN", ("a", "b"))]),
        ("run_id not in ('a')", [Clause("attribute", "run_id", "NOT IN", ("a",))]),
        (
            "params.lr is null AND tags.x IS NOT NULL",
            [
                Clause("parameter", "lr", "IS NULL", None),
                Clause("tag", "x", "IS NOT NULL", None),
            ],
        ),
        ("dataset.context = 'train'", [Clause("dataset", "context", "=", "train")]),
        ("", []),
        ("   ", []),
    ],
)
def test_reads(text, clauses):
    assert filters.parse(text, filters.RUNS) == clauses


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("metrics.acc > '0.5'", "Expected numeric value type for metric"),
        ("params.lr = 5", "Expected a quoted string value for parameter"),
        ("params.lr > '5'", "Invalid comparator '>'"),
        ("nothing = 'x'", "Invalid attribute key 'nothing'"),
        ("what.x = 'x'", "Invalid entity type 'what'"),
        ("status = 'a' OR status = 'b'", "Invalid clause"),
        ("status = 'a' status = 'b'", "Invalid clause"),
        ("status =", "Expected a quoted string value"),
        ("= 'a'", "Invalid clause"),
        ("run_id IN ()", "empty list"),
        ("run_id IN (1, 2)", "expected string value"),
        ("status IN ('a')", "attributes support comparison"),
        ("run_id = ('a')", "Invalid comparator '='"),
        ("run_id IN 'a'", "Invalid comparator 'IN'"),
        ("metrics.acc IS NULL", "IS NULL / IS NOT NULL is only supported for"),
        ("dataset.wrong = 'a'", "Invalid dataset key"),
        ("status = 'a'; DROP TABLE runs", "Invalid clause"),
        ("status = 'a' --", "Invalid clause"),
    ],
)
def test_refuses(text, message):
    with pytest.raises(Refusal) as caught:
        filters.parse(text, filters.RUNS)
    assert message in caught.value.message


def test_at_most_fifty_clauses():
    filters.parse(" AND ".join(["metrics.a > 1"] * 50), filters.RUNS)
    with pytest.raises(Refusal, match="at most 50 clauses"):
        filters.parse(" AND ".join(["metrics.a > 1"] * 51), filters.RUNS)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    for profile in (filters.RUNS, filters.EXPERIMENTS, filters.VERSIONS, filters.LOGGED_MODELS):
        for read in (filters.parse, filters.parse_order):
            try:
                read(text, profile)
            except Refusal:
                continue


@given(st.text(alphabet="ab.`'\"()=<>! \\,", max_size=40))
def test_quotes_never_escape_into_a_key(text):
    try:
        clauses = filters.parse(text, filters.RUNS)
    except Refusal:
        return
    assert all(clause.entity in {"attribute", "metric", "parameter", "tag", "dataset"} for clause in clauses)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("metrics.acc DESC", filters.Order("metric", "acc", False)),
        ("metrics.`my acc` asc", filters.Order("metric", "my acc", True)),
        ("params.lr", filters.Order("parameter", "lr", True)),
        ("attributes.start_time DESC", filters.Order("attribute", "start_time", False)),
        ("Created", filters.Order("attribute", "start_time", True)),
    ],
)
def test_reads_an_order(text, order):
    assert filters.parse_order(text, filters.RUNS) == order


@pytest.mark.parametrize("text", ["", "metrics.a DOWN", "nothing DESC", "a b c", "x.y", "start_time; DROP TABLE runs"])
def test_refuses_an_order(text):
    with pytest.raises(Refusal):
        filters.parse_order(text, filters.RUNS)
