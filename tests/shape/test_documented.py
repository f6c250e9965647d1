"""Whatever a user can name or meet has its line in docs/ (datasette's way)."""

from pathlib import Path

import pytest

from shape import documented
from zaffre.core import registry
from zaffre.core.events import EventType
from zaffre.core.reasons import Cause
from zaffre.server.settings import SETTINGS

DOCS = Path(__file__).parents[2] / "docs"
MEETABLE = {
    "kinds.md": lambda: registry.kinds().keys(),
    "job-types.md": lambda: registry.job_types().keys(),
    "events.md": lambda: {event.value for event in EventType},
    "settings.md": lambda: {setting.name for setting in SETTINGS},
    "troubleshooting.md": lambda: {cause.value for cause in Cause},
}


@pytest.mark.parametrize("page", MEETABLE)
def test_page_has_a_line_for_each(page):
    names = MEETABLE[page]()
    assert names
    assert documented.undocumented(names, DOCS / page) == []


@pytest.mark.parametrize("page", MEETABLE)
def test_page_has_no_line_for_what_is_gone(page):
    assert documented.outdated(MEETABLE[page](), DOCS / page) == []


def test_every_decision_is_in_the_index():
    index = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    pages = sorted(path.name for path in (DOCS / "decisions").glob("[0-9]*.md"))
    assert pages
    assert [page for page in pages if f"({page})" not in index] == []
