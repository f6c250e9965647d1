"""The files of an input, and the plan that is made of them once."""

from __future__ import annotations

import pytest
from tests.unit.agent.parallel.test_verdict import settings

from zaffre.agent.parallel import plan
from zaffre.agent.parallel.splitting import Unsplittable


def test_files_in_the_order_of_their_names(tmp_path):
    for name in ("b/2", "b/10", "a", "c.txt", ".hidden", ".cache/x"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert [(file.path, file.size) for file in plan.listed(str(tmp_path))] == [
        ("a", 1),
        ("b/10", 4),
        ("b/2", 3),
        ("c.txt", 5),
    ]


def test_links_are_followed_but_in_no_circle(tmp_path):
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "x").write_text("1")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "y").write_text("1")
    (tmp_path / "in" / "deep" / "round").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "far").symlink_to(tmp_path / "out")
    (tmp_path / "in" / "gone").symlink_to(tmp_path / "nowhere")
    assert [file.path for file in plan.listed(str(tmp_path / "in"))] == ["deep/x", "far/y"]


def test_one_file(tmp_path):
    (tmp_path / "one.csv").write_text("12")
    assert plan.listed(str(tmp_path / "one.csv")) == [("one.csv", 2)]
    assert plan.paths(settings(source=str(tmp_path / "one.csv")), {"files": ["one.csv"]}) == [str(tmp_path / "one.csv")]
    assert plan.listed(str(tmp_path / "none")) == []


def test_a_plan_stays(tmp_path):
    """Whatever becomes of the input meanwhile."""
    (tmp_path / "in").mkdir()
    (tmp_path / "kept").mkdir()
    for number in range(5):
        (tmp_path / "in" / str(number)).touch()
    said = settings(source=str(tmp_path / "in"), kept=str(tmp_path / "kept"), files=2, size=0, name="d")
    made = plan.opened(said)
    assert (len(made), made.items, made[2], made[0]) == (
        3,
        5,
        {"items": 1, "files": ["4"]},
        {"items": 2, "files": ["0", "1"]},
    )
    (tmp_path / "in" / "9").touch()
    again = plan.opened(said)
    assert [again[index] for index in range(len(again))] == [made[index] for index in range(3)]


def test_nothing_to_share_out(tmp_path):
    with pytest.raises(Unsplittable, match="input d holds no file"):
        plan.opened(settings(source=str(tmp_path), kept=str(tmp_path), files=2, name="d"))
