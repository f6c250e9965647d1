"""Online endpoints in use, by the official client, unchanged: traffic shifted and mirrored, scaled, rolled out, told why."""

from __future__ import annotations

import pytest

BEGIN = """
import json, os, time
from pathlib import Path
from azure.ai.ml.entities import (
    CodeConfiguration, ManagedOnlineDeployment, ManagedOnlineEndpoint, OnlineRequestSettings, ProbeSettings,
    DefaultScaleSettings,
)
from azure.core.exceptions import HttpResponseError, ResourceExistsError
FOLDER = Path(os.environ["FOLDER"])
PYTHON = "azureml://registries/azureml/environments/python/labels/latest"
REQUEST = FOLDER / "request.json"
REQUEST.write_text('{"data": [1, 2]}')

def code(name, text):
    folder = FOLDER / name
    folder.mkdir(exist_ok=True)
    (folder / "score.py").write_text(text)
    return CodeConfiguration(code=str(folder), scoring_script="score.py")

GOOD = '''
def init(): print("it begins", flush=True)
def run(data): return "{word}"
'''

def deployment(endpoint, name, configuration, **more):
    made = ManagedOnlineDeployment(
        name=name, endpoint_name=endpoint, environment=PYTHON, instance_type="Standard_DS3_v2", instance_count=1,
        code_configuration=configuration, **more,
    )
    return ml.online_deployments.begin_create_or_update(made).result()

def asked(endpoint, count=20, **more):
    return {ml.online_endpoints.invoke(endpoint, request_file=str(REQUEST), **more) for _ in range(count)}

def refused(what):
    try:
        what()
    except (HttpResponseError, ResourceExistsError) as error:
        return str(error)
    raise SystemExit("nothing was refused")

def eventually(true, what):
    for _ in range(200):
        if true():
            return
        time.sleep(0.1)
    raise SystemExit(f"never: {what}")
"""


@pytest.fixture
def client(azure, tmp_path):
    """Runs a script of the official client; ``FOLDER`` is one of the test's own."""
    return lambda script: azure.python(BEGIN + script, FOLDER=str(tmp_path))


TRAFFIC = """
ml.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name="shop", auth_mode="key", tags={"team": "one"})).result()
settings = OnlineRequestSettings(request_timeout_ms=3000, max_concurrent_requests_per_instance=2, max_queue_wait_ms=2000)
probe = ProbeSettings(initial_delay=5, period=5, timeout=2, failure_threshold=20, success_threshold=1)
blue = deployment("shop", "blue", code("blue", GOOD.format(word="blue")), request_settings=settings, liveness_probe=probe)
assert blue.provisioning_state == "Succeeded", blue
assert blue.request_settings.request_timeout_ms == 3000, blue.request_settings
assert isinstance(blue.scale_settings, DefaultScaleSettings) or blue.scale_settings is None, blue.scale_settings
deployment("shop", "green", code("green", GOOD.format(word="green")))
shop = ml.online_endpoints.get("shop")
shop.traffic = {"blue": 100}
ml.online_endpoints.begin_create_or_update(shop).result()
assert asked("shop") == {'"blue"'}

shop.traffic, shop.mirror_traffic = {"blue": 100}, {"green": 50}
shop = ml.online_endpoints.begin_create_or_update(shop).result()
assert shop.mirror_traffic == {"green": 50}, shop.mirror_traffic
assert asked("shop") == {'"blue"'}

shop.traffic, shop.mirror_traffic = {"blue": 50, "green": 50}, {}
shop = ml.online_endpoints.begin_create_or_update(shop).result()
assert shop.traffic == {"blue": 50, "green": 50}
assert asked("shop", 40) == {'"blue"', '"green"'}
assert asked("shop", 3, deployment_name="green") == {'"green"'}  # this client sends the header ever after
shop.traffic = {"blue": 50, "green": 40}
assert "0 or 100 percent" in refused(lambda: ml.online_endpoints.begin_create_or_update(shop).result())
assert "50 % of the traffic" in refused(lambda: ml.online_deployments.begin_delete("green", "shop").result())

shop = ml.online_endpoints.get("shop")
shop.traffic = {"blue": 100, "green": 0}
ml.online_endpoints.begin_create_or_update(shop).result()
ml.online_deployments.begin_delete("green", "shop").result()
assert [one.name for one in ml.online_deployments.list("shop")] == ["blue"]

assert "it begins" in ml.online_deployments.get_logs("blue", "shop", lines=20)
laid_out = ml.online_deployments.get_logs("blue", "shop", lines=20, container_type="storage-initializer")
assert "scoring script score.py" in laid_out, laid_out

blue = ml.online_deployments.get("blue", "shop")
blue.instance_count = 2
assert ml.online_deployments.begin_create_or_update(blue).result().instance_count == 2
ml.online_endpoints.begin_delete("shop").result()
"""


def test_traffic_is_shifted_mirrored_refused_and_replicas_added(client):
    client(TRAFFIC)


ROLLED_BACK = """
plan = {"steps": [50], "interval": 2, "guardrails": {"error_rate": 5, "min_requests": 5}}
endpoint = ManagedOnlineEndpoint(name="careful", auth_mode="key", properties={"zaffre.rollout": json.dumps(plan)})
ml.online_endpoints.begin_create_or_update(endpoint).result()
deployment("careful", "blue", code("blue", GOOD.format(word="blue")))
careful = ml.online_endpoints.get("careful")
careful.traffic = {"blue": 100}
ml.online_endpoints.begin_create_or_update(careful).result()
failing = "def init(): pass\\ndef run(data): raise ValueError('no such column')\\n"
deployment("careful", "green", code("green", failing))
careful.traffic = {"blue": 0, "green": 100}
poller = ml.online_endpoints.begin_create_or_update(careful)
import threading
over = threading.Event()
def ask():
    while not over.is_set():
        try:
            ml.online_endpoints.invoke("careful", request_file=str(REQUEST))
        except HttpResponseError:
            pass
caller = threading.Thread(target=ask, daemon=True)
caller.start()
told = refused(poller.result)
over.set()
caller.join()
assert "guardrails.error_rate allows 5 %" in told, told
traffic = ml.online_endpoints.get("careful").traffic
assert traffic == {"blue": 100, "green": 0}, traffic
assert asked("careful", 10) == {'"blue"'}

broken = "import absent_package\\ndef init(): pass\\ndef run(data): return 1\\n"
told = refused(lambda: deployment("careful", "broken", code("broken", broken)))
assert "ModuleNotFoundError: No module named 'absent_package'" in told, told
assert "score.py, line 1" in told, told
assert "Add the package" in told, told
ml.online_endpoints.begin_delete("careful").result()
"""


def test_a_guardrail_takes_the_traffic_back_and_a_failure_says_why(client):
    client(ROLLED_BACK)
