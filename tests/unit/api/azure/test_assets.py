"""What ARM's bodies of datastores and assets have for the official client."""

import pytest

from zaffre.api.azure.sas import PREFIX
from zaffre.core.asset import ANONYMOUS_ENVIRONMENT, SourceFile, code_hash

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOST = "127.0.0.1:18440"
ARM = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/default"
ARM_SHORT = "/subscriptions/s/resourcegroups/g/workspaces/default"
PUT = {"x-ms-blob-type": "BlockBlob"}


async def put(inside, path, **properties):
    return await inside.owner.put(f"{ARM}/{path}", json={"properties": properties})


async def test_a_datastore_is_at_the_address_that_was_asked(inside):
    for host in (HOST, "localhost:18440"):
        found = await inside.owner.get(f"{ARM}/datastores/workspaceblobstore", headers={"host": host})
        told = found.json()["properties"]
        assert told["accountName"] == f"{host}/storage" and told["containerName"] == "workspaceblobstore-default"
        assert told["credentials"] == {"credentialsType": "AccountKey"} and told["isDefault"] is True
    default = (await inside.owner.get(f"{ARM}/datastores?count=30&isDefault=true&orderByAsc=false")).json()
    assert [one["name"] for one in default["value"]] == ["workspaceblobstore"] and "nextLink" not in default
    some = (await inside.owner.get(f"{ARM}/datastores?count=2")).json()
    assert len(some["value"]) == 2 and "count=2" in some["nextLink"]
    file = (await inside.owner.get(f"{ARM}/datastores/workspacefilestore")).json()["properties"]
    assert file["fileShareName"] == "workspacefilestore-default" and file["isDefault"] is False


async def test_a_datastore_may_be_put_back_as_it_was_shown(inside):
    shown = (await inside.owner.get(f"{ARM}/datastores/workspaceblobstore")).json()
    assert (await inside.owner.put(f"{ARM}/datastores/workspaceblobstore", json=shown)).status_code == 200
    native = (await inside.owner.get("/api/v1/workspaces/default/datastores/workspaceblobstore")).json()["spec"]
    assert native["account_name"] == "zaffre" and native["container_name"] == "azureml-blobstore"
    own = {"datastoreType": "AzureBlob", "accountName": "acct", "containerName": "c", "endpoint": "core.windows.net/"}
    made = await put(inside, "datastores/mine", **own, credentials={"credentialsType": "None"})
    assert made.status_code == 201 and made.json()["properties"]["endpoint"] == "core.windows.net"
    assert made.json()["properties"]["accountName"] == "acct", "a cloud's own account stays what it is"


async def test_secrets_of_a_datastore_are_a_signed_url_s_tail(inside):
    for path in (
        f"{ARM}/datastores/workspaceblobstore/listSecrets",
        f"{ARM.lower()}/datastores/workspaceblobstore/listsecrets",
    ):
        told = (await inside.owner.post(path, json={"expirableSecret": True, "expireAfterHours": 1})).json()
        assert told["secretsType"] == "Sas" and "sig=" in told["sasToken"], told
    (inside.home / "data/default/workspaceblobstore/s.txt").write_text("s")
    got = await inside.client().get(f"{PREFIX}/workspaceblobstore-default/s.txt?{told['sasToken']}")
    assert got.text == "s"
    assert (await inside.owner.post(f"{ARM}/datastores/nothing/listSecrets", json={})).status_code == 404


async def upload(inside, content=b"print(1)", name="main.py"):
    begun = (await inside.owner.post(f"{ARM}/codes/c/versions/1/startPendingUpload", json={})).json()
    assert begun["pendingUploadType"] == "TemporaryBlobReference"
    told = begun["blobReferenceForConsumption"]
    bare, _, query = told["credential"]["sasUri"].partition("?")
    answer = await inside.client().put(f"{bare}/src/{name}?{query}", content=content, headers=PUT)
    assert answer.status_code == 201, answer.text
    return f"{told['blobUri']}/src"


async def test_code_by_its_content(inside):
    content = b"print('unique')"
    digest = code_hash([SourceFile("main.py", len(content), lambda: [content])])
    lookup = f"{ARM}/codes/any-guid/versions?hash={digest}&hashVersion=202208"
    assert (await inside.owner.get(lookup)).json() == {"value": []}
    uri = await upload(inside, content)
    said = {"codeUri": uri, "isAnonymous": True, "properties": {"hash_sha256": digest, "hash_version": "202208"}}
    assert (await put(inside, "codes/one/versions/1", **said)).status_code == 201
    assert (await put(inside, "codes/one/versions/1", **said)).status_code == 200, "the same request again"
    found = (await inside.owner.get(lookup)).json()["value"]
    assert [one["id"] for one in found] == [f"{ARM}/codes/one/versions/1"]
    assert found[0]["properties"]["codeUri"] and found[0]["properties"]["isAnonymous"] is True
    native = (await inside.owner.get("/api/v1/workspaces/default/codes/one/versions/1")).json()
    assert native["state"] == {"files": 1, "bytes": len(content)}
    assert (await inside.owner.get(f"{ARM}/codes/x/versions?hash=nonsense")).json() == {"value": []}
    assert "one" not in [one["name"] for one in (await inside.owner.get(f"{ARM}/codes")).json()["value"]]


async def test_code_that_was_never_sent(inside):
    begun = (await inside.owner.post(f"{ARM}/codes/c/versions/1/startPendingUpload", json={})).json()
    empty = begun["blobReferenceForConsumption"]["blobUri"]
    for uri in (f"{empty}/src", f"{empty}/", f"http://{HOST}{PREFIX}/upload--{'0' * 32}/src", f"{empty}/../x"):
        answer = await put(inside, "codes/none/versions/1", codeUri=uri, properties={"hash_sha256": "1" * 64})
        assert answer.status_code == 400, (uri, answer.text)


@pytest.mark.parametrize(
    "uri",
    [
        f"http://{HOST}{PREFIX}/workspaceblobstore-default/LocalUpload/h/x%20%C3%BC.txt",
        f"https://{HOST}{PREFIX}/workspaceblobstore-default/LocalUpload/h/x ü.txt",
        f"https://{HOST}/workspaceblobstore-default/LocalUpload/h/x%20ü.txt",
        "azureml://datastores/workspaceblobstore/paths/LocalUpload/h/x ü.txt",
        f"azureml:/{ARM_SHORT}/datastores/workspaceblobstore/paths/LocalUpload/h/x ü.txt",
    ],
)
async def test_our_own_urls_are_places(inside, uri):
    file = inside.home / "data/default/workspaceblobstore/LocalUpload/h/x ü.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("x")
    name = f"d{abs(hash(uri))}"
    made = await put(inside, f"data/{name}/versions/1", dataType="uri_file", dataUri=uri)
    assert made.status_code == 201, made.text
    path = (await inside.owner.get(f"/api/v1/workspaces/default/data/{name}/versions/1")).json()["spec"]["path"]
    assert path.endswith("datastores/workspaceblobstore/paths/LocalUpload/h/x ü.txt") and path.startswith("azureml://")
    container = (await inside.owner.get(f"{ARM}/data/{name}")).json()["properties"]
    assert container["dataType"] == "uri_file" and container["nextVersion"] == "2"


async def test_a_build_context_and_conda(inside):
    folder = inside.home / "data/default/workspaceblobstore/LocalUpload/ctx"
    folder.mkdir(parents=True)
    (folder / "Dockerfile").write_text("FROM python:3.11-slim\n")
    for number, start in enumerate((f"https://{HOST}{PREFIX}", f"https://{HOST}")):
        uri = f"{start}/workspaceblobstore-default/LocalUpload/ctx/"
        made = await put(
            inside, f"environments/e{number}/versions/1", build={"contextUri": uri, "dockerfilePath": "Dockerfile"}
        )
        assert made.status_code == 201, made.text
        told = made.json()["properties"]["build"]["contextUri"]
        assert told == "azureml://datastores/workspaceblobstore/paths/LocalUpload/ctx/"
    text = "channels: [conda-forge]\ndependencies: [python=3.11]\n"
    made = await put(inside, "environments/conda/versions/1", image="python:3.11", condaFile=text)
    assert isinstance(made.json()["properties"]["condaFile"], str)


async def test_anonymous_assets_are_made_once_and_listed_never(inside):
    path = f"environments/{ANONYMOUS_ENVIRONMENT}/versions/abc"
    first = await put(inside, path, image="python:3.11-slim", isAnonymous=True)
    again = await put(inside, path, image="python:3.11-slim", isAnonymous=True)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["properties"]["isAnonymous"] is True
    names = [one["name"] for one in (await inside.owner.get(f"{ARM}/environments")).json()["value"]]
    assert ANONYMOUS_ENVIRONMENT not in names


async def test_an_anonymous_component_again_and_again(inside):
    spec = {
        "command": "python main.py ${{inputs.n}} ${{outputs.y}}",
        "environment": "azureml://registries/azureml/environments/python/labels/latest",
        "name": "azureml_anonymous",
        "version": "11111111-2222-3333-4444-555555555555",
        "is_deterministic": True,
        "type": "command",
        "_source": "YAML.COMPONENT",
        "$schema": "https://example.org/x.json",
        "inputs": {"n": {"type": "integer", "default": "3"}},
        "outputs": {"y": {"type": "uri_folder"}},
    }
    said = {"componentSpec": spec, "isAnonymous": True, "isArchived": False, "tags": {}}
    path = f"components/azureml_anonymous/versions/{spec['version']}"
    answers = [await put(inside, path, **said, properties={"client_component_hash": "h"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 200], answers[-1].text
    told = answers[-1].json()["properties"]
    assert told["isAnonymous"] is True and told["componentSpec"]["type"] == "command" and told["componentSpec"]["name"]
    listed = (await inside.owner.get(f"{ARM}/components")).json()["value"]
    assert "azureml_anonymous" not in [one["name"] for one in listed]


async def test_a_component_says_its_own_version(inside):
    """azure-ai-ml reads ``@latest`` from there, whatever the address says."""
    spec = {
        "type": "command", "name": "plain", "command": "true",
        "environment": "azureml://registries/azureml/environments/python/labels/latest",
    }  # fmt: skip
    await put(inside, "components/plain/versions/3", componentSpec=spec, isAnonymous=False, tags={})
    newest = await inside.owner.get(f"{ARM}/components/plain/versions?$orderBy=createdtime%20desc&$top=1")
    found = newest.json()["value"][0]["properties"]["componentSpec"]
    assert (found["name"], found["version"]) == ("plain", "3")


async def test_names_and_versions_as_the_client_has_them(inside):
    await put(inside, "environments/named/versions/1", image="python:3.11-slim")
    await put(inside, "environments/named/versions/2", image="python:3.12-slim")
    newest = await inside.owner.get(f"{ARM}/environments/azureml:named/versions?$orderBy=createdtime%20desc&$top=1")
    assert [one["name"] for one in newest.json()["value"]] == ["2"]
    assert "$orderBy=createdtime" in newest.json()["nextLink"].replace("%24", "$")
    latest = await inside.owner.get(f"{ARM}/environments/named/versions/azureml_default")
    assert latest.json()["name"] == "2"
    assert (await inside.owner.get(f"{ARM}/environments/never/versions/azureml_default")).status_code == 404
    changed = await put(inside, "environments/named/versions/1", image="python:3.10-slim")
    assert changed.status_code == 409 and changed.json()["error"]["code"] == "ResourceConflict"
    found = (await inside.owner.get(f"{ARM}/environments/named/versions?listViewType=All&$top=1")).json()
    assert "listViewType=All" in found["nextLink"] and "skip=1" in found["nextLink"]


async def test_a_folder_is_registered_before_anything_lies_in_it(inside):
    """As the client does for what a deployment will collect; files and other places are asked for as ever."""
    kept = "azureml://datastores/workspaceblobstore/paths"
    made = await put(
        inside, "data/collected/versions/1", dataType="uri_folder", dataUri=f"{kept}/modelDataCollector/e/d/in"
    )
    assert made.status_code == 201, made.text
    assert (inside.home / "data/default/workspaceblobstore/modelDataCollector/e/d/in").is_dir()
    for type_, uri in (
        ("uri_file", f"{kept}/nothing.csv"), ("mltable", f"{kept}/nothing"), ("uri_folder", f"{kept}/../../out"),
        ("uri_folder", "azureml://datastores/nowhere/paths/x"),
        ("uri_folder", "azureml://subscriptions/s/resourcegroups/g/workspaces/other/datastores/workspaceblobstore/paths/x"),
    ):  # fmt: skip
        answer = await put(inside, "data/absent/versions/1", dataType=type_, dataUri=uri)
        assert answer.status_code in (400, 404), (uri, answer.text)
