"""An endpoint asked through the server, as its page does: with a key that no page sees, and no harm in the answer."""

from __future__ import annotations

from zaffre.testing.server import Installation, deployed

SCORE = """\
from azureml.contrib.services.aml_response import AMLResponse

def init():
    pass

def run(data):
    if "page" in data:
        return AMLResponse("<script>alert(1)</script>", 200, {"content-type": "text/html"})
    if "fails" in data:
        raise ValueError("no such column")
    return {"heard": data}
"""


def test_the_page_asks_and_the_model_answers(zaffre: Installation) -> None:
    deployed(zaffre, "asked", SCORE)
    at = "online-endpoints/asked"
    answer = zaffre.call("POST", f"{at}/score?deployment=blue", {"x": 1})
    assert answer.status_code == 200
    assert '"x"' in answer.json()["heard"]
    assert answer.headers["azureml-model-deployment"] == "blue"
    assert zaffre.call("POST", f"{at}/score?deployment=none", {}).status_code == 404
    failed = zaffre.call("POST", f"{at}/score?deployment=blue", {"fails": True})
    assert failed.status_code == 424
    swagger = zaffre.call("GET", f"{at}/swagger").json()
    assert "ServiceInput" in swagger["definitions"]
    assert zaffre.call("POST", "online-endpoints/none/score", {}).status_code == 404
    assert zaffre.call("GET", "online-endpoints/none/swagger").status_code == 404


def test_a_page_for_an_answer_is_one_that_can_do_nothing(zaffre: Installation) -> None:
    deployed(zaffre, "paged", SCORE + "# paged\n")
    answer = zaffre.call("POST", "online-endpoints/paged/score?deployment=blue", {"page": True})
    assert "<script>" in answer.text
    assert answer.headers["content-security-policy"] == "sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers


def test_an_endpoint_with_tokens_is_asked_with_one(zaffre: Installation) -> None:
    zaffre.call("PUT", "online-endpoints/tokens", {"name": "tokens", "auth_mode": "aml_token"}).raise_for_status()
    deployed(zaffre, "tokens", SCORE + "# tokens\n")
    assert zaffre.call("POST", "online-endpoints/tokens/score?deployment=blue", {"x": 1}).status_code == 200
