"""What a connection's target means: the words of many drivers, one answer, and no secret in it."""

from __future__ import annotations

import pytest

from zaffre.core.errors import Invalid
from zaffre.core.targets import Bucket, Database, bucket_of, database_of


def database(kind, target):
    return database_of({"type": kind, "target": target})


def bucket(target):
    return bucket_of({"type": "s3", "target": target})


@pytest.mark.parametrize(
    ("kind", "target", "found"),
    [
        ("azure_postgres_db", "db.example/rain", Database("postgresql", "db.example", 5432, "rain")),
        ("azure_postgres_db", "db.example:6000/rain", Database("postgresql", "db.example", 6000, "rain")),
        ("custom", "postgres://db.example/my%20rain", Database("postgresql", "db.example", 5432, "my rain")),
        ("custom", "jdbc:mariadb://db.example/rain", Database("mysql", "db.example", 3306, "rain")),
        ("custom", "azureml://datastores/d/paths/a.db", Database("sqlite", "", 0, "azureml://datastores/d/paths/a.db")),
        (
            "azure_sql_db",
            "Server=tcp:h.database.windows.net,1433;Database=rain;Trusted_Connection=False;Encrypt=True",
            Database("mssql", "h.database.windows.net", 1433, "rain", {"encrypt": "True"}),
        ),
        ("azure_sql_db", "Data Source=h;Initial Catalog=rain", Database("mssql", "h", 1433, "rain")),
        (
            "azure_sql_db",
            "jdbc:sqlserver://h:1434;databaseName=rain;encrypt=false",
            Database("mssql", "h", 1434, "rain", {"encrypt": "false"}),
        ),
        (
            "snowflake",
            "jdbc:snowflake://a.snowflakecomputing.com/?db=D&warehouse=W&role=R",
            Database("snowflake", "a.snowflakecomputing.com", 443, "D", {"warehouse": "W", "role": "R"}),
        ),
    ],
)
def test_databases(kind, target, found):
    assert database(kind, target) == found


@pytest.mark.parametrize(
    ("target", "mode"),
    [
        ("postgresql://h/d", None),
        ("postgresql://h/d?sslmode=require", "require"),
        ("postgresql://h/d?sslmode=verify-ca", "verify-full"),
        ("postgresql://h/d?ssl=true", "require"),
        ("postgresql://h/d?ssl=false", "disable"),
        ("mysql://h/d?useSSL=true", "require"),
        ("mysql://h/d?sslMode=VERIFY_IDENTITY", "verify-full"),
    ],
)
def test_encryption_that_is_asked_for_in_any_drivers_words(target, mode):
    assert database("custom", target).options.get("sslmode") == mode


def test_encryption_in_a_list_of_words():
    found = database("azure_postgres_db", "Server=h;Database=d;Port=6000;Ssl Mode=Require")
    assert found == Database("postgresql", "h", 6000, "d", {"sslmode": "require"})


@pytest.mark.parametrize(
    ("kind", "target", "said"),
    [
        ("git", "https://git.example/x", "leads to no database"),
        ("custom", "sqlite:////etc/passwd", "a SQLite file is named where it lies"),
        ("custom", "db.example/rain", "expected a URL such as"),
        ("custom", "oracle://db.example/rain", "expected a URL of"),
        ("azure_postgres_db", "mysql://db.example/rain", "expected a URL of postgresql, found mysql://"),
        ("custom", "postgresql://me:hunter2@h/d", "belongs into the connection's credentials"),
        ("custom", "postgresql://h/d?password=hunter2", "a password belongs into"),
        ("azure_sql_db", "Server=h;Database=d;Pwd=hunter2", "a password belongs into"),
        ("custom", "postgresql://h/", "expected the name of a database"),
        ("custom", "postgresql://h/a%00b", "expected the name of a database"),
        ("custom", "postgresql:///d", "expected the host"),
        ("azure_postgres_db", "a,b/d", "expected the host"),
        ("azure_postgres_db", "%2Ftmp/d", "expected the host"),
        ("azure_postgres_db", "h:99999/d", "expected a port"),
        ("azure_postgres_db", "h:²/d", "expected a port"),
        ("custom", "postgresql://h:99999/d", "host:port/database"),
        ("custom", "postgresql://h/d?sslmode=maybe", "sslmode: expected one of"),
    ],
)
def test_targets_that_lead_nowhere(kind, target, said):
    with pytest.raises(Invalid) as caught:
        database(kind, target)
    assert said in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("lake", Bucket("s3", container="lake")),
        ("s3://lake/in", Bucket("s3", container="lake", root="in")),
        ("https://lake.s3.amazonaws.com", Bucket("s3", container="lake")),
        (
            "https://my.lake.s3.eu-west-1.amazonaws.com/in",
            Bucket("s3", container="my.lake", region="eu-west-1", root="in"),
        ),
        ("https://s3.amazonaws.com/lake/in", Bucket("s3", container="lake", root="in")),
        ("https://s3.eu-west-1.amazonaws.com/lake", Bucket("s3", container="lake", region="eu-west-1")),
        ("https://s3-us-west-2.amazonaws.com/lake", Bucket("s3", container="lake", region="us-west-2")),
        ("https://s3.dualstack.us-west-2.amazonaws.com/lake", Bucket("s3", container="lake", region="us-west-2")),
        ("https://minio.example:9000/lake/in", Bucket("s3", "", "lake", "https://minio.example:9000", "", "in")),
    ],
)
def test_buckets_of_s3(target, found):
    assert bucket(target) == found


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("", "expected a bucket"),
        ("https://s3.amazonaws.com", "expected a bucket"),
        ("https://key:hunter2@minio.example/lake", "belongs into the connection's credentials"),
    ],
)
def test_buckets_that_are_none(target, said):
    with pytest.raises(Invalid, match=said):
        bucket(target)


def test_buckets_of_azure():
    blob = {
        "type": "azure_blob",
        "account_name": "acc",
        "container_name": "c",
        "url": "https://acc.blob.core.windows.net/c",
    }
    assert bucket_of(blob) == Bucket("azure_blob", "acc", "c", "core.windows.net")
    lake = {"type": "azure_data_lake_gen2", "target": "https://acc.dfs.core.windows.net/fs/in"}
    assert bucket_of(lake) == Bucket("azure_data_lake_gen2", "acc", "fs", "core.windows.net", "", "in")
    one = {"type": "azure_one_lake", "one_lake_workspace_name": "w", "artifact": {"name": "l"}}
    assert bucket_of(one) == Bucket("one_lake", "onelake", "w", root="l")
    for wrong in ({"type": "azure_data_lake_gen2", "target": "https://x"}, {"type": "azure_one_lake"}, {"type": "git"}):
        with pytest.raises(Invalid):
            bucket_of(wrong)
