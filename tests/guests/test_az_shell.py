"""Shell scripts written for az: they ask who they are, set defaults, submit, wait, and read fields with ``--query``."""

from __future__ import annotations

import ssl
import subprocess

import httpx
import pytest

from zaffre.testing.server import CURATED

SUBSCRIPTION = "12345678-1234-1234-1234-1234567890ab"
JOB = f"""
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: echo "rows ${{{{inputs.rows}}}}" && cp ${{{{inputs.file}}}} ${{{{outputs.copied}}}}/copy.csv
inputs:
  rows: 3
  file:
    type: uri_file
    path: rows.csv
outputs:
  copied:
    type: uri_folder
environment: {CURATED}
experiment_name: from-a-script
"""
DATA = "name: rows\nversion: '1'\ntype: uri_file\npath: rows.csv\n"
SETUP = f"""
set -eu
az account set -s {SUBSCRIPTION}
az configure --defaults group=my-group workspace=default location=westeurope
"""


@pytest.fixture
def script(here, tmp_path):
    """Runs lines in a shell, in a folder with documents."""
    (tmp_path / "rows.csv").write_text("a,b\n1,2\n")
    (tmp_path / "job.yml").write_text(JOB)
    (tmp_path / "data.yml").write_text(DATA)

    def run(text):
        done = subprocess.run(
            ["/bin/bash", "-c", SETUP + text], env=here.environ, cwd=tmp_path, capture_output=True, text=True, timeout=100,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    return run


def test_submit_wait_and_look(script, tmp_path):
    told = script("""
run_id=$(az ml job create -f job.yml --query name -o tsv --set experiment_name=renamed --set inputs.rows=5)
status=$(az ml job show -n $run_id --query status -o tsv)
running=("Queued" "NotStarted" "Starting" "Preparing" "Provisioning" "Running" "Finalizing")
while [[ ${running[*]} =~ $status ]]; do
  sleep 0.2
  status=$(az ml job show --name $run_id --query status --output tsv)
done
echo $status
az ml job show -n $run_id --query experiment_name -o tsv
az ml job download -n $run_id --output-name copied -p fetched > /dev/null
cat fetched/named-outputs/copied/copy.csv fetched/copied/copy.csv 2> /dev/null || true
az ml job stream -n $run_id | grep rows
""")
    lines = told.splitlines()
    assert lines[:2] == ["Completed", "renamed"]
    assert "rows 5" in lines
    assert [file.name for file in (tmp_path / "fetched").rglob("*.csv")] == ["copy.csv"]


def test_what_scripts_ask_about_themselves(script):
    told = script("""
echo $(az account show --query id -o tsv)
echo $(az group show --query name -o tsv) $(az group show --query location -o tsv)
echo $(az configure -l --query "[?name=='workspace'].value" -o tsv)
echo $(az config get --query "defaults[?name == 'group'].value" -o tsv)
az extension add -n ml -y
az ml workspace show --name default --resource-group my-group --query name -o tsv
""")
    assert told.splitlines() == [SUBSCRIPTION, "my-group local", "default", "my-group", "default"]


def test_a_token_for_rest(script, here):
    """What scripts do that speak REST themselves; the address is all that they change."""
    token, subscription = script("""
az account get-access-token --query accessToken -o tsv
az account show --query id -o tsv
""").split()
    path = (
        f"/subscriptions/{subscription}/resourceGroups/my-group/providers/Microsoft.MachineLearningServices/workspaces"
    )
    context = ssl.create_default_context(cafile=here.bundle)
    answer = httpx.get(f"{here.url}{path}/default", headers={"authorization": f"Bearer {token}"}, verify=context)
    assert answer.json()["name"] == "default"


def test_create_archive_list_and_a_failure_in_the_middle(script):
    told = script("""
az ml data create -f data.yml --set description=ours -o none
az ml data create -f data.yml --version 2 --query version -o tsv
az ml data list --name rows --query "length([])" -o tsv
az ml data show -n rows -v 1 --query description -o tsv
az ml data archive -n rows -v 1
az ml data list --name rows --query "[].version" -o tsv
if az ml data show -n rows -v 7 2> error.txt; then exit 1; fi
grep -c . error.txt
az ml data show -n rows -v 1 --nonsense 2> /dev/null || echo "ended with $?"
""")
    lines = told.splitlines()
    assert lines[:4] == ["2", "2", "ours", "2"]
    assert lines[-1] == "ended with 2"
