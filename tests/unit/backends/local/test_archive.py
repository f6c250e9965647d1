import subprocess

from zaffre.backends.local import archive


def test_the_same_files_make_the_same_archive(tmp_path):
    first = archive.build(tmp_path / "one")
    second = archive.build(tmp_path / "two")
    assert first.name == second.name
    assert first.read_bytes() == second.read_bytes()


def test_it_is_made_once(tmp_path):
    made = archive.build(tmp_path)
    before = made.stat().st_mtime_ns
    assert archive.build(tmp_path) == made
    assert made.stat().st_mtime_ns == before


def test_it_runs_isolated_from_everything(tmp_path):
    done = subprocess.run(
        archive.command(archive.build(tmp_path), "--help"), check=False, capture_output=True, text=True, env={}
    )
    assert done.returncode == 0
    assert "nursery" in done.stdout
