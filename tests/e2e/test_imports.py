"""Imports: what a database answers or a bucket holds becomes a version of a data asset, whole or not at all."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg
import pyarrow.parquet as pq
import pytest
from storage_servers import bucket, s3

from zaffre.testing.ports import free_port
from zaffre.testing.postgres import PASSWORD
from zaffre.testing.server import CURATED, installation, until

__all__ = ["bucket", "s3"]
TYPES = """
    create table kinds as select i as id, (i % 2 = 0) as even, (i * 1.25)::numeric(12,4) as price, sqrt(i)::float8 as root,
    'n' || i as name, decode(lpad(to_hex(i), 8, '0'), 'hex') as raw, timestamptz '2026-01-31 12:00+02' as at,
    date '2026-01-31' as day, case when i = 1 then null else 'x' end as some, jsonb_build_object('i', i) as doc,
    array[i, i] as pair, interval '1 day 2 hours' as span, 1::numeric / 3 as third
    from generate_series(1, 3) i
"""


@pytest.fixture(scope="module")
def rig(environments):
    with installation(environments, compute_local_nodes="4", jobs_grace="1", egress_allow='["127.0.0.0/8"]') as found:
        yield found


@pytest.fixture
def shop(rig, postgres_url):
    """A connection to a database of this test's own, and a way to fill it."""

    def fill(*statements):
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    fill.target = "postgresql://" + postgres_url.rpartition("@")[2]
    connect(rig, "shop", fill.target)
    return fill


def connect(rig, name, target, **more):
    credentials = {"type": "username_password", "username": "zaffre", "password": PASSWORD}
    body = {"type": "azure_postgres_db", "target": target, "credentials": credentials, **more}
    rig.call("PUT", f"connections/{name}", body).raise_for_status()


def job(asset, source, path="imported/${{name}}", **more):
    made = "uri_folder" if source["type"] == "file_system" else "mltable"
    output = {"type": made, "path": f"azureml://datastores/workspaceblobstore/paths/{path}", "name": asset}
    return {"type": "import", "source": source, "outputs": {"sink": output}, **more}


def asked(query, connection="azureml:shop", **more):
    return {"type": "database", "connection": connection, "query": query, **more}


def run(rig, name, body):
    answer = rig.call("PUT", f"jobs/{name}", body)
    assert answer.status_code == 201, answer.text
    return rig.ended(name)


def folder(rig, name):
    return rig.home / "data" / "default" / "workspaceblobstore" / "imported" / name


def test_a_query_becomes_a_table_with_its_types(rig, shop):
    shop(TYPES)
    state = run(rig, "typed", job("kinds", asked("select * from kinds order by id;")))
    assert state["status"] == "Completed", state["reason"]
    assert state["registered"] == {"sink": "azureml:kinds:1"}
    table = pq.read_table(folder(rig, "typed") / "part-00000.parquet")
    assert {field.name: str(field.type) for field in table.schema} == {
        "id": "int32", "even": "bool", "price": "decimal128(12, 4)", "root": "double", "name": "string", "raw": "binary",
        "at": "timestamp[us, tz=UTC]", "day": "date32[day]", "some": "string", "doc": "string", "pair": "string",
        "span": "string", "third": "decimal256(76, 38)",
    }  # fmt: skip
    first = table.to_pylist()[0]
    assert (str(first["price"]), first["raw"], first["some"]) == ("1.2500", b"\0\0\0\1", None)
    assert (first["at"].isoformat(), first["pair"], first["doc"], first["span"]) == (
        "2026-01-31T10:00:00+00:00", "{1,1}", '{"i": 1}', "P1DT2H",
    )  # fmt: skip
    assert str(first["third"]).startswith("0.33333333333333333333")
    data = rig.call("GET", "data/kinds/versions/1").json()["spec"]
    assert data["type"] == "mltable"
    assert data["properties"]["import.rows"] == "3" and data["properties"]["job_name"] == "typed"
    assert json.loads(data["properties"]["import.schema"])["price"] == "decimal128(12, 4)"
    shown = rig.call("GET", "data/kinds/versions/1/preview").json()
    assert [row[0] for row in shown["rows"]] == [1, 2, 3]
    log = rig.text("typed")
    assert "columns: id int32" in log and "wrote 3 rows" in log
    assert not [
        path for path in rig.attempt("typed").rglob("*") if path.is_file() and PASSWORD.encode() in path.read_bytes()
    ]


def test_a_job_reads_what_was_imported(rig, shop):
    shop("create table rain(mm int)", "insert into rain values (7)")
    run(rig, "fed", job("rain", {"type": "database", "connection": "shop", "table_name": "public.rain"}))
    inputs = {"d": {"type": "mltable", "path": "azureml:rain:1"}}
    body = {"type": "command", "command": "cat ${{inputs.d}}/MLTable", "environment": CURATED, "inputs": inputs}
    assert run(rig, "reader", body)["status"] == "Completed"
    assert "read_parquet" in rig.text("reader")


def test_a_function_with_parameters(rig, shop):
    shop("create function up(a int) returns table(n int) language sql as 'select generate_series(1, a)'")
    given = [{"name": "a", "value": "4", "type": "Int32"}]
    source = {"type": "database", "connection": "shop", "stored_procedure": "up", "stored_procedure_params": given}
    assert run(rig, "called", job("up", source))["status"] == "Completed"
    assert pq.read_table(folder(rig, "called") / "part-00000.parquet").column("n").to_pylist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select 1 as a,\n  nosuch from x", 'relation "x" does not exist (line 2, column 15 of the query)'),
        ("selec 1", 'syntax error at or near "selec" (line 1, column 1 of the query)'),
        ("insert into kept values (1)", "syntax error"),
        ("select set_config('a.b', 'c', false); drop table kept", "cannot insert multiple commands"),
        ("select nextval('counter')", "cannot execute nextval() in a read-only transaction"),
        ("select 1 as a, 2 as a", "several columns named a; give each a name of its own with AS"),
        ("select 1e50::numeric as big", "row 1: column big is decimal256(76, 38) and cannot hold"),
    ],
)
def test_what_the_database_refuses_is_told_in_its_own_words(rig, shop, query, said):
    shop("create table kept(i int)", "create sequence counter")
    name = f"refused-{abs(hash(query))}"
    state = run(rig, name, job("never", asked(query)))
    assert (state["status"], state["reason"]["code"]) == ("Failed", "ImportFailed")
    assert said in state["reason"]["message"], state["reason"]["message"]
    assert rig.call("GET", "data/never").status_code == 404
    assert not folder(rig, name).exists()


def test_a_database_that_cannot_be_reached_or_refuses_who_asks(rig, shop):
    connect(rig, "gone", f"postgresql://127.0.0.1:{free_port()}/x")
    connect(rig, "inside", "postgresql://169.254.169.254/x")
    wrong = {"type": "username_password", "username": "zaffre", "password": "wrong-horse"}
    connect(rig, "stranger", shop.target, credentials=wrong)
    connect(rig, "insistent", f"{shop.target}?sslmode=verify-ca")
    said = {
        "gone": "could not be reached",
        "insistent": "server does not support SSL",
        "inside": "egress.allow",
        "stranger": "password authentication failed",
    }
    for name, words in said.items():
        state = run(rig, name, job("never", asked("select 1", name)))
        assert state["reason"]["code"] == "ImportFailed" and words in state["reason"]["message"], state["reason"]
        assert "wrong-horse" not in rig.text(name)


@pytest.mark.parametrize(
    ("name", "connection", "said"),
    [
        ("none", None, "there is no connection 'none'"),
        ("words", {"type": "git", "target": "https://git.example/x"}, "leads to no database"),
        ("loose", {"type": "custom", "target": "sqlite:////etc/passwd"}, "a SQLite file is named where it lies"),
        ("open", {"type": "custom", "target": "postgresql://me:secret@db.example/x"}, "belongs into the connection's cred"),
        ("outside", {"type": "custom", "target": "azureml://datastores/workspaceblobstore/paths/../../x"}, "not a path"),
        ("absent", {"type": "custom", "target": "azureml://datastores/workspaceblobstore/paths/no.db"}, "there is no file"),
        ("cloud", {"type": "azure_sql_db", "target": "db.example/x", "credentials": {"type": "aad"}}, "expected username"),
    ],
)  # fmt: skip
def test_what_must_fail_is_refused_at_once(rig, name, connection, said):
    if connection is not None:
        rig.call("PUT", f"connections/{name}", connection).raise_for_status()
    answer = rig.call("PUT", "jobs/refusable", job("never", asked("select 1", name)))
    assert answer.status_code == 400 and said in answer.text, answer.text


def test_a_version_that_is_taken_and_a_source_that_is_unclear(rig, shop):
    shop("create table t(i int)")
    body = job("once", asked("table t"))
    body["outputs"]["sink"]["version"] = "7"
    assert run(rig, "once", body)["registered"] == {"sink": "azureml:once:7"}
    answer = rig.call("PUT", "jobs/twice", body)
    assert answer.status_code == 400 and "data once:7 is there already" in answer.text
    body["outputs"]["sink"] |= {"version": "8", "path": "azureml://datastores/workspaceblobstore/paths/imported"}
    answer = rig.call("PUT", "jobs/everything", body)
    assert answer.status_code == 400 and "expected a folder of this import alone" in answer.text
    answer = rig.call("PUT", "jobs/unclear", job("x", asked("table t", table_name="t")))
    assert answer.status_code == 400 and "expected one of query, table_name" in answer.text
    assert pq.read_table(folder(rig, "once") / "part-00000.parquet").num_rows == 0


def sqlite_file(rig, name):
    place = rig.home / "data" / "default" / "workspaceblobstore" / "files"
    place.mkdir(parents=True, exist_ok=True)
    target = f"azureml://datastores/workspaceblobstore/paths/files/{name}"
    rig.call("PUT", f"connections/{name}", {"type": "custom", "target": target}).raise_for_status()
    return place / name


def test_a_sqlite_file_of_a_datastore(rig):
    with sqlite3.connect(sqlite_file(rig, "shelf")) as base:
        base.execute("create table t(i, r, b, m, n)")
        base.executemany("insert into t values (?,?,?,?,?)", [(1, 1, b"\0", 1, None), (2, 0.5, None, "two", None)])
    assert run(rig, "lite", job("lite", asked("select * from t", "shelf")))["status"] == "Completed"
    table = pq.read_table(folder(rig, "lite") / "part-00000.parquet")
    assert [str(kind) for kind in table.schema.types] == ["int64", "double", "binary", "string", "string"]
    assert table.to_pylist()[0] == {"i": 1, "r": 1.0, "b": b"\0", "m": "1", "n": None}
    for number, query in enumerate(["attach '/tmp/x.db' as x", "pragma database_list", "insert into t(i) values (1)"]):
        state = run(rig, f"lite-{number}", job("never", asked(query, "shelf")))
        assert state["reason"]["code"] == "ImportFailed", state
        assert "not authorized" in state["reason"]["message"] or "readonly" in state["reason"]["message"]


def test_a_link_out_of_the_datastore_is_not_followed(rig, tmp_path):
    sqlite3.connect(tmp_path / "secret.db").executescript("create table t(i); insert into t values (1)").close()
    sqlite_file(rig, "link").symlink_to(tmp_path / "secret.db")
    answer = rig.call("PUT", "jobs/linked", job("never", asked("select * from t", "link")))
    assert answer.status_code == 400 or rig.ended("linked")["status"] == "Failed"


def test_a_bucket_is_copied(rig, bucket):
    credentials = {"type": "access_key", "access_key_id": "k", "secret_access_key": "hunter2-of-the-lake"}
    body = {"type": "s3", "target": f"{bucket.url}/{bucket.name}", "credentials": credentials}
    rig.call("PUT", "connections/lake", body).raise_for_status()
    bucket.put("in/a.csv", b"1,2\n")
    bucket.put("in/deep/b.csv", b"3\n" * 5_000_000)
    state = run(rig, "copied", job("copy", {"type": "file_system", "connection": "azureml:lake", "path": "in"}))
    assert state["status"] == "Completed", (state["reason"], rig.text("copied"))
    assert (folder(rig, "copied") / "a.csv").read_bytes() == b"1,2\n"
    assert (folder(rig, "copied") / "deep" / "b.csv").stat().st_size == 10_000_000
    assert {path.stat().st_nlink for path in folder(rig, "copied").rglob("*.csv")} == {1}
    assert sorted(path.name for path in folder(rig, "copied").iterdir()) == ["a.csv", "deep"]
    properties = rig.call("GET", "data/copy/versions/1").json()["spec"]["properties"]
    assert (properties["import.files"], properties["import.bytes"]) == ("2", "10000004")
    run(rig, "one", job("single", {"type": "file_system", "connection": "lake", "path": "in/a.csv"}))
    assert (folder(rig, "one") / "a.csv").read_bytes() == b"1,2\n"
    state = run(rig, "nothing", job("never", {"type": "file_system", "connection": "lake", "path": "im"}))
    assert state["reason"]["code"] == "ImportFailed" and "nothing is at im; near it" in state["reason"]["message"]


def test_a_database_is_imported_into_a_bucket(rig, bucket, shop):
    shop("create table t as select 1 as i")
    credentials = {"access_key_id": "k", "secret_access_key": "s"}
    spec = {"type": "s3", "bucket": bucket.name, "endpoint_url": bucket.url, "credentials": credentials}
    rig.call("PUT", "datastores/far", spec).raise_for_status()
    body = job("far", asked("table t"))
    body["outputs"]["sink"]["path"] = "azureml://datastores/far/paths/t/${{name}}"
    state = run(rig, "far", body)
    assert state["status"] == "Completed", state["reason"]
    assert bucket.get("t/far/part-00000.parquet")[:4] == b"PAR1"


SLOW = "select i, pg_sleep(0.01)::text as s from generate_series(1, 100000) i"


def test_canceled_while_it_reads(rig, shop):
    rig.call("PUT", "jobs/slow", job("never", asked(SLOW))).raise_for_status()
    assert rig.running("slow")["status"] == "Running"
    rig.call("POST", "jobs/slow/cancel").raise_for_status()
    assert rig.ended("slow")["status"] == "Canceled"
    assert not folder(rig, "slow").exists()
    assert rig.call("GET", "data/never").status_code == 404


def test_a_database_that_breaks_off_leaves_nothing(rig, shop, postgres_url):
    rig.call("PUT", "jobs/broken", job("never", asked(SLOW))).raise_for_status()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        reading = "application_name = 'zaffre import' and query ~ 'FETCH [1-9]'"
        end = f"select pg_terminate_backend(pid) from pg_stat_activity where {reading}"
        until(lambda: connection.execute(end).fetchall(), "the import's session")
    state = rig.ended("broken")
    assert (state["status"], state["reason"]["code"], state["attempt"]) == ("Failed", "ImportFailed", 1)
    assert "terminating connection due to administrator command" in state["reason"]["message"]
    assert not folder(rig, "broken").exists()
    assert rig.call("GET", "data/never").status_code == 404


def test_an_import_goes_on_while_the_server_is_dead(rig, shop):
    shop("create table gate(i int)", "insert into gate values (1)")
    query = "select i, pg_sleep(case when i = 1 then 3 else 0 end)::text as s from generate_series(1, 2000) i"
    rig.call("PUT", "jobs/survivor", job("survivor", asked(query))).raise_for_status()
    rig.running("survivor")
    rig.kill()
    until((rig.attempt("survivor") / "exit.json").exists, "the import's end without a server")
    rig.start()
    assert rig.ended("survivor")["registered"] == {"sink": "azureml:survivor:1"}
    assert pq.read_table(folder(rig, "survivor") / "part-00000.parquet").num_rows == 2000


def test_the_command_line(rig, shop, tmp_path):
    shop("create table orders as select 1 as id, 'ü' as name")

    def zaffre(*words):
        argv = [sys.executable, "-m", "zaffre", *words]
        return subprocess.run(argv, env=rig.variables(), capture_output=True, text=True, cwd=tmp_path, check=False)

    place = "path: azureml://datastores/workspaceblobstore/paths/imported"
    source = "source:\n  type: database\n  connection: azureml:%s\n  query: table orders\n"
    document = f"name: typed\ntype: mltable\n{place}\n{source}"
    (tmp_path / "import.yml").write_text(document % "shop")
    done = zaffre("data", "import", "-f", "import.yml", "--stream")
    assert done.returncode == 0 and "wrote 1 rows" in done.stdout, done.stderr
    listed = json.loads(zaffre("data", "list-materialization-status", "-n", "typed").stdout)
    assert [each["status"] for each in listed] == ["Completed"]
    assert folder(rig, listed[0]["name"]).is_dir()
    shown = json.loads(zaffre("data", "show", "-n", "typed", "--version", "1").stdout)
    assert shown["properties"]["import.rows"] == "1"
    (tmp_path / "import.yml").write_text(document % "nowhere")
    bad = zaffre("data", "import", "-f", "import.yml")
    assert bad.returncode != 0 and "import.yml:6:" in bad.stderr and "no connection 'nowhere'" in bad.stderr, bad.stderr
    (tmp_path / "import.yml").write_text(document.replace("query", "querry") % "shop")
    assert 'source.querry: unknown field; did you mean "query"?' in zaffre("data", "import", "-f", "import.yml").stderr


def test_the_client(rig, shop, monkeypatch):
    shop("create table orders as select 1 as id")
    from zaffre import MLClient
    from zaffre.entities import DataImport

    for name, value in rig.variables().items():
        monkeypatch.setenv(name, value)
    client = MLClient(home=str(rig.home))
    source = {"type": "database", "connection": "azureml:shop", "query": "table orders"}
    path = "azureml://datastores/workspaceblobstore/paths/imported/${{name}}"
    made = client.data.import_data(DataImport(name="client", type="mltable", source=source, path=path))
    client.jobs.stream(made.name)
    assert client.data.get("client", version="1").properties["import.rows"] == "1"
    assert [each.name for each in client.data.list_materialization_status("client")] == [made.name]
    assert Path(folder(rig, made.name) / "MLTable").exists()
