"""MLflow's own pages behind the log-in: what a browser asks for, one request after the other."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import httpx

from zaffre.testing.server import Installation

FORM = {"content-type": "application/x-www-form-urlencoded"}


def link(rig: Installation) -> str:
    program = Path(sys.executable).with_name("zaffre")
    words = [program, "ui", "--no-browser", "-o", "json"]
    done = subprocess.run(words, env=rig.variables(), capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)["url"]


def test_from_the_link_to_mlflows_pages_and_out_again(zaffre: Installation) -> None:
    base = f"http://127.0.0.1:{zaffre.port}"
    with httpx.Client(base_url=base, timeout=120, headers={"accept": "text/html", "origin": base}) as browser:
        assert browser.get("/mlflow").headers["location"] == "/login?next=/mlflow"
        url = link(zaffre)
        page = browser.get(url.partition("#")[0])
        assert "location.hash" in page.text
        entered = browser.post("/login", data={"secret": url.partition("#")[2], "next": "/mlflow"}, headers=FORM)
        assert (entered.status_code, entered.headers["location"]) == (303, "/mlflow")
        assert browser.get("/mlflow").headers["location"] == "/mlflow/"

        index = browser.get("/mlflow/")
        assert index.status_code == 200, index.text
        assert "MLflow" in index.text
        assets = re.findall(r'(?:src|href)="([^"]+\.(?:js|css))"', index.text)
        assert assets
        for asset in assets:
            assert not asset.startswith(("/", "http")), "a link that leads out of /mlflow/"
            answer = browser.get(f"/mlflow/{asset.removeprefix('./')}")
            kind = "text/css" if asset.endswith(".css") else "javascript"
            assert answer.status_code == 200, asset
            assert kind in answer.headers["content-type"]

        zaffre.call("POST", "/mlflow/api/2.0/mlflow/experiments/create", {"name": "seen"}).raise_for_status()
        search = browser.post("/mlflow/ajax-api/2.0/mlflow/experiments/search", json={"max_results": 10})
        assert "seen" in [item["name"] for item in search.json()["experiments"]]
        assert browser.get("/mlflow/ajax-api/3.0/mlflow/server-info").status_code == 200
        browser.headers["origin"] = "http://evil.example"
        assert browser.post("/mlflow/ajax-api/2.0/mlflow/experiments/create", json={"name": "no"}).status_code == 403
        browser.headers["origin"] = base

        assert browser.post("/logout", headers=FORM).headers["location"] == "/login"
        assert browser.get("/mlflow/").status_code == 303
