"""Somebody with fewer rights: what may not be done is refused with the server's own reason, and nothing else breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Route, expect

from studio_browser import Tab
from zaffre.testing.server import Installation, until

LOG = "jobs/acts/logs/user_logs/std_log.txt"


@pytest.fixture
def token(seeded: Installation) -> Iterator[str]:
    """Of a job that acts for its user: it reads and writes, and may neither see secrets nor delete."""
    seeded.submit("acts", "echo shown=$IDENTITY_HEADER.; sleep 300", identity={"type": "user_identity"})
    shown = until(lambda: re.search(r"shown=(\S+)\.", seeded.call("GET", LOG).text), "the job's secret").group(1)
    asked = seeded.http.get(
        f"http://127.0.0.1:{seeded.port}/msi/token",
        params={"resource": "https://ml.azure.com"},
        headers={"x-identity-header": shown, "authorization": ""},
    )
    yield asked.raise_for_status().json()["access_token"]
    seeded.call("POST", "jobs/acts/cancel").raise_for_status()


def test_what_may_not_be_done_is_refused_in_the_servers_words(
    tab: Tab, seeded: Installation, endpoint: str, token: str
) -> None:
    def as_the_job(route: Route) -> None:
        route.continue_(headers={**route.request.headers, "authorization": f"Bearer {token}"})

    tab.page.route("**/api/v1/workspaces/default/**", as_the_job)
    page = tab.open(f"/endpoints/{endpoint}?tab=use")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("alert")).to_contain_text("'secrets'")
    page.get_by_role("button", name="Delete this endpoint").click()
    page.get_by_role("dialog").get_by_role("textbox").fill(endpoint)
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("'delete'")
    assert seeded.call("GET", f"online-endpoints/{endpoint}").status_code == 200
    tab.forgive("403")
