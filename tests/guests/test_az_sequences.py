"""Whole shell scripts as people have them for az: made, asked for, waited for, changed, looked at, taken away; unchanged."""

from __future__ import annotations

import shutil
import subprocess

import httpx
import pytest

from zaffre.testing.server import CURATED

SETUP = """
set -euo pipefail
az extension add -n ml -y
az account set --subscription 12345678-1234-1234-1234-1234567890ab
az configure --defaults group=my-group workspace=default location=eastus
"""
FILES = {
    "job.yml": f"""
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: for i in 1 2 3; do echo "line $i of ${{{{inputs.who}}}}"; done
inputs: {{who: nobody}}
environment: {CURATED}
compute: azureml:cpu-cluster
experiment_name: from-a-script
tags: {{kind: first}}
""",
    "slow.yml": f"command: sleep 300\nenvironment: {CURATED}\n",
    "endpoint.yml": "name: placeholder\nauth_mode: key\n",
    "deployment.yml": f"""
name: blue
endpoint_name: placeholder
environment: {CURATED}
code_configuration: {{code: score, scoring_script: score.py}}
instance_type: Standard_DS3_v2
instance_count: 1
""",
    "score/score.py": """
import json
def init():
    print("began")
def run(data):
    return {"got": json.loads(data)}
""",
    "request.json": '{"data": [1, 2]}',
    "component.yml": f"""
type: command
name: adder
command: echo ${{{{inputs.n}}}}
inputs: {{n: {{type: integer, default: 3}}}}
environment: {CURATED}
""",
    "environment.yml": "name: mine\nimage: python:3.11-slim\n",
    "datastore.yml": """
type: azure_blob
name: elsewhere
account_name: acct
container_name: c
credentials: {account_key: a2V5}
""",
    "connection.yml": "type: python_feed\nname: feed\ntarget: https://example.com\ncredentials: {type: pat, pat: s3}\n",
    "weights/model.bin": "w",
}


@pytest.fixture
def script(here, tmp_path):
    """Runs lines in a shell, in a folder with documents; a browser there notes what it was asked to open."""
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >> {tmp_path}/opened\n')
    browser.chmod(0o700)

    def run(text):
        done = subprocess.run(
            ["/bin/bash", "-c", SETUP + text], env={**here.environ, "BROWSER": f"{browser} %s", "COLUMNS": "200"},
            cwd=tmp_path, capture_output=True, text=True, timeout=115, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    return run


def test_a_job_from_its_compute_to_the_archive(here, script, tmp_path):
    told = script("""
az ml compute show --name cpu-cluster > /dev/null 2>&1 || az ml compute create --name cpu-cluster --type amlcompute \\
  --size STANDARD_DS3_v2 --min-instances 0 --max-instances 2 -o none
run_id=$(az ml job create -f job.yml --set inputs.who=me tags.kind=second --query name -o tsv --web)
if [[ -z "$run_id" ]]; then echo "Job creation failed"; exit 3; fi
status=$(az ml job show -n $run_id --query status -o tsv)
running=("Queued" "NotStarted" "Starting" "Preparing" "Running" "Finalizing")
while [[ ${running[*]} =~ $status ]]; do
  sleep 0.5
  status=$(az ml job show -n $run_id --query status -o tsv)
done
echo "ended $status"
az ml job show -n $run_id --query services.Studio.endpoint -o tsv
az ml job show -n $run_id --query "{tag: tags.kind, who: inputs.who, on: compute}" -o tsv
az ml job show -n $run_id --web -o none
az ml job stream -n $run_id | grep "line 3"
az ml job update -n $run_id --set display_name=Shown tags.more=yes --query "[display_name, tags.more]" -o tsv
az ml job list --query "[?experiment_name=='from-a-script' && status=='Completed'].{Name:name, ExpName:experiment_name}" \\
  --output table
az ml job archive -n $run_id
az ml job list --query "[?name=='$run_id'] | length(@)" -o tsv
az ml job restore -n $run_id
echo "id $run_id"
""")
    lines = told.splitlines()
    run = lines[-1].removeprefix("id ")
    assert lines[0] == "ended Completed"
    assert lines[1].endswith(f"/runs/{run}")
    assert lines[2].split("\t") == ["second", "me", "cpu-cluster"]
    assert "line 3 of me" in lines and "Shown" in lines and "0" in lines
    assert ["Name", "ExpName"] in [line.split() for line in lines]
    opened = (tmp_path / "opened").read_text().splitlines()
    assert len(opened) == 2
    _leads_to_the_run(opened[0], run)


def _leads_to_the_run(link, run):
    """The link logs a browser in, once, and what it shows is the run's page."""
    address, _, code = link.partition("#")
    with httpx.Client(headers={"origin": address.partition("/login")[0]}) as browser:
        page = browser.get(address)
        assert page.status_code == 200 and f"/runs/{run}" in page.text
        form = {"secret": code, "next": f"/runs/{run}"}
        entered = browser.post(address.partition("?")[0], data=form)
        assert (entered.status_code, entered.headers["location"]) == (303, f"/runs/{run}")
        shown = browser.get(httpx.URL(address).copy_with(path=f"/runs/{run}", query=None, fragment=None))
        assert shown.status_code == 303
        assert shown.headers["location"] in (f"/jobs/{run}", f"/mlflow/#/runs/{run}"), "the first where Studio is built"


def test_streamed_failed_and_canceled(script):
    told = script("""
az ml job create -f job.yml --set compute=local inputs.who=streamed --stream -o none
if az ml job create -f job.yml --set compute=local command="exit 3" --stream -o none 2> error.txt; then exit 1; fi
echo "code $?"
name=$(az ml job create -f slow.yml --query name -o tsv)
az ml job cancel -n $name
status=$(az ml job show -n $name --query status -o tsv)
while [[ $status != Canceled ]]; do sleep 0.2; status=$(az ml job show -n $name --query status -o tsv); done
echo $status
az ml job create -f missing.yml 2> /dev/null || echo "missing $?"
""")
    lines = told.splitlines()
    assert "line 3 of streamed" in lines
    assert [line for line in lines if line.startswith(("code", "Canceled", "missing"))][1:] == ["Canceled", "missing 1"]


@pytest.mark.slow
def test_an_endpoint_from_its_creation_to_its_end(here, script):
    assert shutil.which("curl"), "scripts of az call curl"
    told = script("""
export ENDPOINT_NAME=endpt-`echo $RANDOM`
az ml online-endpoint create --name $ENDPOINT_NAME -f endpoint.yml --web
az ml online-deployment create --name blue --endpoint $ENDPOINT_NAME -f deployment.yml --all-traffic -o none
endpoint_status=$(az ml online-endpoint show --name $ENDPOINT_NAME --query "provisioning_state" -o tsv)
if [[ $endpoint_status == "Succeeded" ]]; then echo "Endpoint created successfully"; else exit 1; fi
az ml online-deployment show --name blue -e $ENDPOINT_NAME --query "provisioning_state" -o tsv
az ml online-endpoint invoke --name $ENDPOINT_NAME --request-file request.json
SCORING_URI=$(az ml online-endpoint show -n $ENDPOINT_NAME -o tsv --query scoring_uri)
ENDPOINT_KEY=$(az ml online-endpoint get-credentials -n $ENDPOINT_NAME -o tsv --query primaryKey)
curl -s --request POST "$SCORING_URI" --header "Authorization: Bearer $ENDPOINT_KEY" \\
  --header 'Content-Type: application/json' --data @request.json; echo
az ml online-deployment update --name blue --endpoint-name $ENDPOINT_NAME --set tags.a=b --query tags.a -o tsv
az ml online-endpoint update --name $ENDPOINT_NAME --traffic "blue=100" --query traffic.blue -o tsv
az ml online-deployment get-logs --name blue --endpoint $ENDPOINT_NAME | grep began
az ml online-endpoint regenerate-keys -n $ENDPOINT_NAME --key-type primary --yes -o none
NEW_KEY=$(az ml online-endpoint get-credentials -n $ENDPOINT_NAME -o tsv --query primaryKey)
[[ $NEW_KEY != $ENDPOINT_KEY ]] && echo "another key"
az ml online-endpoint list --query "[?name=='$ENDPOINT_NAME'].name | length(@)" -o tsv
az ml online-endpoint delete --name $ENDPOINT_NAME --yes --no-wait
""")
    lines = told.splitlines()
    assert "Endpoint created successfully" in lines and "another key" in lines
    assert lines.count('{"got": {"data": [1, 2]}}') == 1, told  # curl's, as it came
    assert '"got": {' in told and "began" in told
    assert {"b", "100", "1", "Succeeded"} <= set(lines)


@pytest.mark.slow
def test_assets_of_every_kind(script):
    told = script("""
az ml environment create -f environment.yml --query version -o tsv
az ml environment show -n mine -v 1 --query image -o tsv
az ml environment create --name other --image python:3.11-slim --version 5 -o none
az ml model create --name weights --version 2 --path weights --type custom_model -o none
az ml model list --name weights --query "[0].version" -o tsv
az ml model update -n weights -v 2 --set tags.a=b description=said --query "[tags.a, description]" -o tsv
az ml model download -n weights -v 2 --download-path got > /dev/null; cat $(find got -name model.bin); echo
az ml model archive -n weights -v 2; az ml model list -n weights --query "length(@)" -o tsv
az ml model restore -n weights -v 2
az ml component create -f component.yml --version 7 --query id -o tsv
az ml component list --query "[?name=='adder'] | length(@)" -o tsv
az ml data create -n rows --path request.json --type uri_file --version 1 -o none
az ml data show -n rows -v 1 --query type -o tsv
az ml datastore create -f datastore.yml -o none; az ml datastore show -n elsewhere --query account_name -o tsv
az ml datastore delete -n elsewhere -y
az ml connection create -f connection.yml -o none; az ml connection list --query "[].name" -o tsv
az ml connection delete -n feed -y
""")
    lines = told.splitlines()
    assert lines[0:3] == ["1", "python:3.11-slim", "2"]
    assert {"b", "said", "w", "uri_file", "acct", "feed"} <= set(lines)
    assert any(line.endswith("adder/versions/7") or line == "azureml:adder:7" for line in lines), told


@pytest.mark.slow
def test_computes_workspaces_and_registries(script):
    told = script("""
az ml compute create -n mine --type ComputeInstance --size STANDARD_DS3_v2 -o none
az ml compute stop -n mine; az ml compute show -n mine --query state -o tsv
az ml compute start -n mine; az ml compute restart -n mine
az ml compute list --type ComputeInstance --query "[].name" -o tsv
az ml compute list-sizes --query "length(@) > \\`0\\`" -o tsv
az ml compute delete -n mine -y
az ml workspace create -n second --query name -o tsv
az ml workspace update -n second --description said --query description -o tsv
az ml workspace list --query "sort([].name)" -o tsv
az ml job list --workspace-name second --query "length(@)" -o tsv
az ml workspace delete -n second --yes
az ml registry create -n shared --location eastus -o none
az ml registry list --query "[?name=='shared'].name" -o tsv
az account show -o table; az account list -o table
az group show -n my-group -o table
az account show --query "[name, state]" -o tsv
""")
    lines = told.splitlines()
    assert lines[0] in ("Stopped", "stopped") and "true" in lines
    assert {"second", "said", "default", "shared", "0", "mine"} <= set(lines)
    titles = [line.split() for line in lines]
    assert ["EnvironmentName", "HomeTenantId", "IsDefault", "Name", "State", "TenantId"] in titles
    assert ["Name", "CloudName", "SubscriptionId", "TenantId", "State", "IsDefault"] in titles
    assert ["Location", "Name"] in titles
