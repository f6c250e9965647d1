"""Which addresses are pages for people: a new page of Studio is a line here, and routes, gate and log-in know it."""

from __future__ import annotations

import re

FIRST_PAGE = "/"
STUDIO = (
    FIRST_PAGE,
    "/compare",
    "/components",
    "/components/{name}",
    "/compute",
    "/compute/{name}",
    "/data",
    "/data/{name}",
    "/datastores",
    "/datastores/{name}",
    "/designer",
    "/designer/{name}",
    "/endpoints",
    "/endpoints/{name}",
    "/environments",
    "/environments/{name}",
    "/jobs",
    "/jobs/{name}",
    "/models",
    "/models/{name}",
    "/pipelines",
    "/pipelines/compare",
    "/schedules",
    "/schedules/{name}",
    "/settings",
)
"""Studio's, as their routes are declared: all are answered with the one document, which shows what its address says."""
_OTHERS = ("/runs/{name}", r"/mlflow(?:/[\w\-.]+)*/?")
"""Pages that lead on, and MLflow's."""
_NAME = r"[\w\-.]{1,255}"
_QUERY = r"(?:\?[\w\-.=&%+*~:,]{1,2000})?"
_STUDIO = "|".join(path.replace("{name}", _NAME) for path in STUDIO)
_SHOWN = re.compile(f"(?:{_STUDIO}){_QUERY}|" + "|".join(path.replace("{name}", _NAME) for path in _OTHERS))
_OPENED = {path.split("/")[1] for path in STUDIO} - {""} | {"runs", "mlflow"}


def leads_to_page(address: str) -> bool:
    """Whether an address, with its query, is one that a log-in may lead on to."""
    return _SHOWN.fullmatch(address) is not None and "/." not in address


def is_page(path: str) -> bool:
    """Whether who opens this path in a browser expects a page, be it one that says there is nothing."""
    return path == FIRST_PAGE or path[1:].partition("/")[0] in _OPENED
