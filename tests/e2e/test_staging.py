"""Jobs whose data lies elsewhere: brought, sent, found again, and refused in words."""

from __future__ import annotations

import json
import subprocess
import sys
import threading

import pytest
from storage_servers import ACCOUNT, ACCOUNT_KEY, azurite, bucket, s3, sftp, site

from zaffre.testing.server import CURATED, installation

__all__ = ["azurite", "bucket", "s3", "sftp", "site"]
SECRET = "hunter2-of-the-lake"
COPY = (
    "mkdir -p ${{outputs.o}}/deep; cat ${{inputs.d}}/a.csv > '${{outputs.o}}/deep/ö x.csv'; "
    "find .. -name '*.json' | xargs grep -l %s || true"
)


@pytest.fixture(scope="module")
def rig(environments):
    with installation(environments, compute_local_nodes="4", jobs_grace="1", egress_allow='["127.0.0.0/8"]') as found:
        yield found


def run(rig, name, command, **more):
    answer = rig.call("PUT", f"jobs/{name}", {"type": "command", "command": command, "environment": CURATED, **more})
    assert answer.status_code == 201, answer.text
    return rig.ended(name)


def lake(rig, bucket, name="lake", **more):
    credentials = {"access_key_id": "k", "secret_access_key": SECRET}
    spec = {"type": "s3", "bucket": bucket.name, "endpoint_url": bucket.url, "credentials": credentials, **more}
    assert rig.call("PUT", f"datastores/{name}", spec).status_code in (200, 201)


def folder(uri, **more):
    return {"type": "uri_folder", "path": uri, **more}


STORES = ["s3", "azure_blob", "sftp"]


@pytest.mark.parametrize("kind", STORES)
def test_a_job_reads_from_a_store_and_writes_to_it(rig, request, kind):
    name = f"store_{kind}"
    if kind == "s3":
        lake(rig, request.getfixturevalue("bucket"), name)
        request.getfixturevalue("bucket").put("in/a.csv", b"1,2\n")
    elif kind == "azure_blob":
        server = request.getfixturevalue("azurite")
        container = server.container()
        server.put(container, "in/a.csv", b"1,2\n")
        spec = {"type": kind, "account_name": ACCOUNT, "container_name": container, "endpoint": server.url}
        assert (
            rig.call("PUT", f"datastores/{name}", {**spec, "credentials": {"account_key": ACCOUNT_KEY}}).status_code
            == 201
        )
    else:
        host = request.getfixturevalue("sftp")
        (host.root / "in").mkdir()
        (host.root / "in" / "a.csv").write_bytes(b"1,2\n")
        spec = {
            "type": kind,
            "host": "127.0.0.1",
            "port": host.port,
            "username": "ann",
            "host_key": host.host_key,
            "path": "/",
        }
        assert rig.call("PUT", f"datastores/{name}", {**spec, "credentials": {"password": "secret"}}).status_code == 201
    assert rig.call("POST", f"datastores/{name}/check").json()["accessible"]
    job, data = f"job_{name}", f"made_{name}"
    state = run(
        rig, job, COPY % "[h]unter2-of",
        inputs={"d": folder(f"azureml://datastores/{name}/paths/in")},
        outputs={"o": folder(f"azureml://datastores/{name}/paths/out/${{{{name}}}}", name=data)},
    )  # fmt: skip
    assert state["status"] == "Completed", (state["reason"], rig.text(job, "user_logs/staging_outputs.txt"))
    assert rig.text(job) == ""  # nothing below the attempt holds the credential
    assert state["registered"] == {"o": f"azureml:{data}:1"}
    after = run(rig, f"{job}-2", "cat ${{inputs.d}}/deep/*", inputs={"d": folder(f"azureml:{data}:1")})
    assert (after["status"], rig.text(f"{job}-2")) == ("Completed", "1,2\n")
    found = rig.call("GET", f"jobs/{job}/files").json()["value"]
    assert {"path": "named-outputs/o/deep/ö x.csv", "size": 4} in found
    assert rig.call("GET", f"jobs/{job}/files/named-outputs/o/deep/ö x.csv").content == b"1,2\n"
    assert rig.call("GET", f"jobs/{job}/files/named-outputs/o/deep/none").status_code == 404
    assert rig.call("GET", f"data/{data}/versions/1/files").json()["value"] == [{"path": "deep/ö x.csv", "size": 4}]


def test_nothing_secret_is_left_in_the_home(rig, bucket):
    lake(rig, bucket, "secretive")
    bucket.put("in/a.csv", b"1,2\n")
    run(
        rig, "secretive", "cat ${{inputs.d}}/a.csv; env; cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr '\\0' '\\n'",
        inputs={"d": folder("azureml://datastores/secretive/paths/in")},
        outputs={"o": folder("azureml://datastores/secretive/paths/out")},
    )  # fmt: skip
    holding = [
        path for path in rig.home.rglob("*")
        if path.is_file() and not path.is_symlink() and "environments" not in path.parts
        and SECRET.encode() in path.read_bytes()
    ]  # fmt: skip
    assert holding == []


def test_a_url_into_a_bucket_is_opened_as_its_datastore(rig, bucket):
    lake(rig, bucket, "opener")
    bucket.put("in/ü b.csv", b"3\n")
    made = rig.call("POST", "data/far/versions", {"type": "uri_file", "path": f"s3://{bucket.name}/in/ü b.csv"})
    assert made.status_code == 201, made.text
    inputs = {
        "a": {"type": "uri_file", "path": "azureml:far@latest"},
        "b": {"type": "uri_file", "path": "azureml:far@latest", "mode": "direct"},
    }
    state = run(rig, "far", "cat '${{inputs.a}}'; echo ${{inputs.b}}", inputs=inputs)
    assert (state["status"], rig.text("far")) == ("Completed", f"3\ns3://{bucket.name}/in/ü b.csv\n")


def test_a_file_from_the_web_and_a_mapped_folder(rig, site, environments, tmp_path):
    site.files["/d/rain.csv"] = b"5\n"
    state = run(
        rig, "web", "cat ${{inputs.a}}", inputs={"a": {"type": "uri_file", "path": f"{site.url}/d/rain.csv?sig=x"}}
    )
    assert (state["status"], rig.text("web")) == ("Completed", "5\n")
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "a.csv").write_text("7\n")
    mapped = json.dumps({"https://acct.blob.core.windows.net/c/": f"file:{tmp_path}/mirror/"}).replace('": "', '" = "')
    with installation(environments, egress_map=mapped) as other:
        inputs = {
            "d": folder("wasbs://c@acct.blob.core.windows.net/"),
            "f": {"type": "uri_file", "path": "https://acct.blob.core.windows.net/c/a.csv"},
        }
        state = run(other, "mapped", "cat ${{inputs.d}}/a.csv ${{inputs.f}}; readlink -f ${{inputs.f}}", inputs=inputs)
        assert (state["status"], other.text("mapped")) == ("Completed", f"7\n7\n{tmp_path}/mirror/a.csv\n"), state
        assert not (other.home / "staged" / "objects").exists()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("azureml://datastores/refused/paths/in/b.csv", "nothing is at in/b.csv; near it there are in/a.csv"),
        (
            "azureml://datastores/inside/paths/a.csv",
            "is not a public address; an administrator can add it to egress.allow",
        ),
    ],
)
def test_what_cannot_be_brought_ends_the_job_in_words(rig, bucket, path, said):
    lake(rig, bucket, "refused")
    bucket.put("in/a.csv", b"x")
    lake(rig, bucket, "inside", endpoint_url="http://169.254.169.254/")
    name = "refused-" + str(len(said))
    state = run(rig, name, "echo never", inputs={"f": {"type": "uri_file", "path": path}})
    assert state["status"] == "Failed"
    assert state["reason"]["code"] == "InputFailed" and said in state["reason"]["message"]
    assert "failed:" in rig.text(name, "user_logs/staging_inputs.txt")


def test_an_input_that_is_refused_ends_the_job_in_words(rig, bucket, s3):
    lake(rig, bucket, "closed")
    bucket.put("in/a.csv", b"x")
    s3.before.append(lambda method, path: 403)
    inputs = {"f": {"type": "uri_file", "path": "azureml://datastores/closed/paths/in/a.csv"}}
    state = run(rig, "closed", "echo never", inputs=inputs)
    assert (state["status"], state["reason"]["code"]) == ("Failed", "InputFailed")
    told = state["reason"]["message"]
    assert "Input f could not be made ready: datastore closed (s3" in told
    assert "refused an access key (k)" in told and "it needs s3:ListBucket" in told
    assert SECRET not in told + rig.text("closed", "user_logs/staging_inputs.txt")


def test_a_bucket_that_answers_slowly_is_waited_for_and_a_job_that_waits_can_be_canceled(rig, bucket, s3):
    lake(rig, bucket, "slow")
    bucket.put("in/a.csv", b"x")
    asked, awake = threading.Event(), threading.Event()

    def hold(method, path):
        if path.endswith("/a.csv"):
            asked.set()
            awake.wait(30)

    s3.before.append(hold)
    inputs = {"d": folder("azureml://datastores/slow/paths/in")}
    for name in ("patient", "canceled"):
        rig.submit(name, "cat ${{inputs.d}}/a.csv", inputs=inputs)
    assert asked.wait(30)
    rig.call("POST", "jobs/canceled/cancel").raise_for_status()
    assert rig.ended("canceled")["status"] == "Canceled"
    awake.set()
    assert (rig.ended("patient")["status"], rig.text("patient")) == ("Completed", "x")


def test_an_output_that_is_refused_fails_the_job_and_is_kept(rig, bucket, s3):
    lake(rig, bucket, "full")
    s3.before.append(lambda method, path: 403 if method == "PUT" and path.endswith("/b.csv") else None)
    state = run(
        rig, "kept", "echo 1 > ${{outputs.o}}/a.csv; echo 2 > ${{outputs.o}}/b.csv",
        outputs={"o": folder("azureml://datastores/full/paths/out", name="never")},
    )  # fmt: skip
    assert (state["status"], state["reason"]["code"]) == ("Failed", "OutputFailed")
    assert "refused an access key (k)" in state["reason"]["message"] and "It is kept at" in state["reason"]["message"]
    saved = rig.attempt("kept") / "saved" / "o"
    assert sorted(path.name for path in saved.iterdir()) == ["a.csv", "b.csv"]
    assert rig.call("GET", "data/never").status_code == 404
    s3.before.clear()
    with pytest.raises(OSError):
        bucket.get("out/a.csv")


@pytest.mark.parametrize(
    ("inputs", "outputs", "said"),
    [
        ({"d": folder("hdfs://host/x")}, {}, "cannot read hdfs:// URLs"),
        ({"d": folder("https://host.example/x")}, {}, "a folder cannot be listed over http"),
        ({"d": folder("azureml://datastores/none/paths/x")}, {}, "no datastore 'none'"),
        ({}, {"o": folder("azureml://datastores/readonly/paths/x")}, "read only"),
        ({}, {"o": folder("s3://bucket/x")}, "outputs go to a datastore"),
        ({"d": folder("azureml://datastores/ended/paths/x")}, {}, "Microsoft ended"),
    ],
)
def test_what_must_fail_is_refused_at_once(rig, inputs, outputs, said):
    rig.call("PUT", "datastores/readonly", {"type": "http", "url": "https://data.example/"}).raise_for_status()
    rig.call("PUT", "datastores/ended", {"type": "azure_data_lake_gen1", "store_name": "old"}).raise_for_status()
    answer = rig.call(
        "PUT",
        "jobs/refusable",
        {"type": "command", "command": "true", "environment": CURATED, "inputs": inputs, "outputs": outputs},
    )
    assert answer.status_code == 400 and said in answer.text, answer.text


def test_a_job_is_canceled_while_its_input_comes(rig, site):
    import threading

    arrived, enough = threading.Event(), threading.Event()

    def slow(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        handler.wfile.write(b"x")
        handler.wfile.flush()
        arrived.set()
        enough.wait(60)

    site.handlers["/slow"] = slow
    body = {
        "type": "command",
        "command": "true",
        "environment": CURATED,
        "inputs": {"f": {"type": "uri_file", "path": f"{site.url}/slow"}},
    }
    rig.call("PUT", "jobs/slow", body).raise_for_status()
    assert arrived.wait(30)
    rig.call("POST", "jobs/slow/cancel").raise_for_status()
    state = rig.ended("slow")
    enough.set()
    assert (state["status"], state["reason"]["code"]) == ("Canceled", "Canceled")
    body["limits"] = {"timeout": 1}
    enough.clear()
    rig.call("PUT", "jobs/slower", body).raise_for_status()
    state = rig.ended("slower")
    enough.set()
    assert (state["status"], state["reason"]["code"]) == ("Failed", "TimedOut")


def test_staging_goes_on_while_the_server_is_dead(rig, bucket, s3):
    import threading

    lake(rig, bucket, "survivor")
    bucket.put("in/a.csv", b"1,2\n")
    asked, go = threading.Event(), threading.Event()

    def wait(method, path):
        if method == "GET" and path.endswith("/a.csv"):
            asked.set()
            go.wait(60)

    s3.before.append(wait)
    body = {"type": "command", "command": "cp ${{inputs.d}}/a.csv ${{outputs.o}}", "environment": CURATED}
    body |= {"inputs": {"d": folder("azureml://datastores/survivor/paths/in")}}
    body |= {"outputs": {"o": folder("azureml://datastores/survivor/paths/out")}}
    rig.call("PUT", "jobs/survivor", body).raise_for_status()
    assert asked.wait(30)
    rig.kill()
    go.set()
    exit_record = rig.attempt("survivor") / "exit.json"
    from zaffre.testing.server import until

    until(exit_record.exists, "the job's end without a server")
    assert bucket.get("out/a.csv") == b"1,2\n"
    rig.start()
    assert rig.ended("survivor")["status"] == "Completed"


def test_the_command_line(rig, bucket, tmp_path):
    def zaffre(*words):
        argv = [sys.executable, "-m", "zaffre", *words]
        return subprocess.run(argv, env=rig.variables(), capture_output=True, text=True, cwd=tmp_path, check=False)

    bucket.put("in/a.csv", b"1,2\n")
    document = f"name: typed\ntype: s3\nbucket: {bucket.name}\nendpoint_url: {bucket.url}\n"
    document += f"credentials:\n  access_key_id: k\n  secret_access_key: {SECRET}\n"
    (tmp_path / "lake.yml").write_text(document)
    assert zaffre("datastore", "create", "-f", "lake.yml").returncode == 0
    assert json.loads(zaffre("datastore", "check", "-n", "typed").stdout)["files"] == [{"path": "in/a.csv", "size": 4}]
    assert SECRET not in zaffre("datastore", "show", "-n", "typed").stdout
    assert zaffre("datastore", "update", "-n", "typed", "--set", "description=wet").returncode == 0
    kept = json.loads(zaffre("datastore", "list-secrets", "-n", "typed").stdout)
    assert (kept["description"], kept["credentials"]["secret_access_key"]) == ("wet", SECRET)
    (tmp_path / "lake.yml").write_text(document.replace(SECRET, "rotated-secret"))
    assert zaffre("datastore", "create", "-f", "lake.yml").returncode == 0
    assert "rotated-secret" in zaffre("datastore", "list-secrets", "-n", "typed").stdout
    run(rig, "typed", "echo 9 > ${{outputs.o}}/n.csv", outputs={"o": folder("azureml://datastores/typed/paths/out")})
    assert zaffre("job", "download", "-n", "typed", "--output-name", "o", "-p", "here").returncode == 0
    assert [path.read_text() for path in (tmp_path / "here").rglob("n.csv")] == ["9\n"]
    bad = zaffre("datastore", "check", "-n", "none")
    assert bad.returncode != 0 and "Traceback" not in bad.stderr
