"""Writes ``recorded/``: what the official client sends for our own examples."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import wire_official as official
import wire_ours as ours

ROOT = Path(__file__).parents[2] / "src" / "zaffre"


def main() -> None:
    for example in sorted(ROOT.glob("*/*/examples/*.yml")):
        kind = ours.kind_of(example)
        if kind in ("", "code"):
            continue
        body = official.body(kind, example)
        if not body:  # the client wraps it in a template, or resolves it in a workspace; nothing to compare
            continue
        target = Path(__file__).parent / "recorded" / example.relative_to(ROOT).with_suffix(".json")
        target.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(body, indent=1, sort_keys=True)
        target.write_text(text + "\n", "utf-8")
        sys.stdout.write(f"{kind}: {target.name}\n")


if __name__ == "__main__":
    main()
