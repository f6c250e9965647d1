"""Opens Studio's pages in Chromium as a person would and keeps pictures of them: every page, two sizes, both themes.

Ends with 1 where a page wrote an error to its console, broke its own policy, or asked another host. Needs playwright:
``python tools/studio_look.py URL TOKEN FOLDER [PATH…]``.
"""

from __future__ import annotations

import json
import sys
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

SIZES = ((1280, 720), (1600, 1000))
THEMES = ("light", "dark")
SETTLED_MS = 1200
CHROMIUM = "/usr/bin/chromium"


def main(url: str, token: str, folder: str, *paths: str) -> int:
    """All pictures, then all complaints."""
    wrong: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for theme in THEMES:
            context = browser.new_context(color_scheme=theme)
            page = context.new_page()
            watch(page, urlsplit(url).netloc, wrong)
            page.goto(link(url, token))
            page.wait_for_url(f"{url}/jobs*")
            for path in paths or ("/jobs",):
                for width, height in SIZES:
                    page.set_viewport_size({"width": width, "height": height})
                    page.goto(url + path)
                    page.wait_for_timeout(SETTLED_MS)
                    name = path.strip("/").replace("/", "-").replace("?", "-").replace("=", "-") or "home"
                    page.screenshot(path=Path(folder) / f"{name}-{theme}-{width}.png")
            context.close()
        browser.close()
    sys.stdout.write("\n".join(wrong) + "\n" if wrong else "no complaint\n")
    return 1 if wrong else 0


def watch(page: Any, host: str, wrong: list[str]) -> None:
    """Note what no page of ours may do."""
    page.on("console", lambda said: said.type == "error" and wrong.append(f"console: {said.text} {page.url}"))
    page.on("pageerror", lambda error: wrong.append(f"error: {error} {page.url}"))
    page.on(
        "requestfailed",
        lambda asked: asked.failure == "net::ERR_ABORTED" or wrong.append(f"failed: {asked.url}"),
    )
    page.on("request", lambda asked: leads_out(asked.url, host) and wrong.append(f"another host: {asked.url}"))


def leads_out(address: str, host: str) -> bool:
    """Whether an address is not this server's."""
    return urlsplit(address).scheme in ("http", "https", "ws", "wss") and urlsplit(address).netloc != host


def link(url: str, token: str) -> str:
    """A log-in that works once."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{url}/api/v1/login-links", b"{}", headers)  # noqa: S310 - http, ours
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return str(json.load(answer)["url"])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
