"""The variables of a job: its own names and addresses, and an identity as far as it was given one."""

from types import SimpleNamespace

import pytest

from zaffre.jobs.command.spec import CommandJob
from zaffre.kinds.job.parts.surroundings import NOBODY, Platform, Proofs, acts, environ

RUN = SimpleNamespace(name="r", root=None, workspace="ws", experiment="exp", facts={"gpus": ["0", "2"]})
AZURE = {"IDENTITY_ENDPOINT": "https://localhost:8443/msi/token", "REQUESTS_CA_BUNDLE": "/ca.pem"}
PROOFS = Proofs("token", "secret")


def job(**more):
    return CommandJob.from_yaml({"command": "true", "environment": "azureml:e:1", **more})


def told(spec, azure=AZURE, **passed):
    return environ(RUN, spec, Platform("http://here/{ws}", "sub", "group", passed, azure=azure), PROOFS, "7")


def test_what_every_job_is_told():
    found = told(job(), LANG="C", REQUESTS_CA_BUNDLE="/theirs.pem")
    assert found["MLFLOW_TRACKING_URI"] == "http://here/ws"
    assert (found["MLFLOW_TRACKING_TOKEN"], found["AZUREML_RUN_TOKEN"]) == ("token", "token")
    assert (found["AZUREML_RUN_ID"], found["AZUREML_ROOT_RUN_ID"], found["MLFLOW_EXPERIMENT_ID"]) == ("r", "r", "7")
    assert (found["LANG"], found["CUDA_VISIBLE_DEVICES"], found["REQUESTS_CA_BUNDLE"]) == ("C", "0,2", "/ca.pem")
    assert (found["IDENTITY_HEADER"], found["MSI_SECRET"]) == ("secret", "secret")
    assert found["MSI_ENDPOINT"] == found["IDENTITY_ENDPOINT"] == AZURE["IDENTITY_ENDPOINT"]
    assert not {"OBO_ENDPOINT", "DEFAULT_IDENTITY_CLIENT_ID", "NO_PROXY"} & set(found)


def test_a_server_without_tls_tells_nothing_of_azure():
    assert not {"IDENTITY_HEADER", "MSI_SECRET"} & set(told(job(), azure={}))


def test_a_proxy_is_gone_round():
    assert told(job(), HTTPS_PROXY="http://proxy:1")["NO_PROXY"] == "localhost,127.0.0.1,::1"


@pytest.mark.parametrize(("identity", "variable", "value"), [
    ({"type": "managed"}, "DEFAULT_IDENTITY_CLIENT_ID", NOBODY),
    ({"type": "managed", "client_id": "mine"}, "DEFAULT_IDENTITY_CLIENT_ID", "mine"),
    ({"type": "user_identity"}, "OBO_ENDPOINT", "https://localhost:8443/msi/behalf?key=secret"),
])  # fmt: skip
def test_a_job_with_an_identity_acts(identity, variable, value):
    spec = job(identity=identity)
    assert acts(spec)
    assert told(spec)[variable] == value


def test_a_job_with_its_own_token_only_does_not():
    assert not acts(job()) and not acts(job(identity={"type": "aml_token"}))
