"""A browser that looks at Studio and notes whatever no page of ours may do.

Used by the tests of the pages, by what takes their pictures and by what measures them. Chromium is the machine's;
``tools/chromium.sh`` installs it where it is missing.
"""

from __future__ import annotations

import json
import shutil
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AXE = Path(__file__).parents[1] / "studio" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_TELL = "addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample))"  # noqa: E501 - one statement
_ASK = """async rules => {
  const found = await axe.run(document, { runOnly: { type: "tag", values: rules }, resultTypes: ["violations"] });
  return found.violations.map(({ id, help, nodes }) => ({
    id, help, nodes: nodes.map(node => [node.html.slice(0, 300), (node.any[0] ?? node.all[0] ?? node.none[0])?.message]),
  }));
}"""


@dataclass
class Tab:
    """A page, and what was wrong with it so far."""

    page: Page
    url: str
    """Of the server, without a path."""
    wrong: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        """From now on everything is noted."""
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self._note("error", error))
        self.page.on("request", self._asked)

    def open(self, path: str, ready: str = "main h1") -> Page:
        """Go to a page and wait until ``ready`` (a selector) is seen."""
        self.page.goto(self.url + path)
        self.page.locator(ready).first.wait_for()
        return self.page

    def forgive(self, *parts: str) -> None:
        """Take what the test meant to happen off the list, such as a refused request: texts that occur in it."""
        self.wrong[:] = [line for line in self.wrong if not any(part in line for part in parts)]

    def inaccessible(self) -> list[str]:
        """What axe finds against WCAG 2.2 A and AA on the page as it stands."""
        if not self.page.evaluate("typeof window.axe === 'object'"):
            self.page.evaluate(AXE.read_text() + ";0")  # not by a script element: the page's policy refuses those
        found = self.page.evaluate(_ASK, RULES)
        return [f"{each['id']}: {each['help']}: {node}" for each in found for node in each["nodes"]]

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._note("console", f"{message.text} ({message.location.get('url', '')})")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != urlsplit(self.url).netloc:
            self._note("another host", request.url)

    def _note(self, what: str, said: object) -> None:
        self.wrong.append(f"{what}: {said} on {self.page.url}")


def program() -> str:
    """Where Chromium is."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise FileNotFoundError("there is no Chromium here: tools/chromium.sh installs it")
    return found


@contextmanager
def chromium(*more: str) -> Generator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program(), args=[*QUIET, *more])
        try:
            yield browser
        finally:
            browser.close()


def entered(browser: Browser, url: str, token: str, theme: Theme = "light", **more: Any) -> Tab:
    """A tab in a context of its own, logged in by a link that works once; the caller closes ``tab.page.context``."""
    context: BrowserContext = browser.new_context(
        color_scheme=theme, viewport={"width": 1280, "height": 720}, reduced_motion="reduce", **more
    )
    context.set_default_timeout(15_000)
    context.add_init_script(_TELL)
    tab = Tab(context.new_page(), url)
    tab.page.goto(link(url, token))
    tab.page.locator("main").first.wait_for()
    return tab


def link(url: str, token: str, path: str = "") -> str:
    """A log-in that works once, and leads to ``path``."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    body = json.dumps({"next": path} if path else {}).encode()
    request = urllib.request.Request(f"{url}/api/v1/login-links", body, headers)  # noqa: S310 - http, ours
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return str(json.load(answer)["url"])
