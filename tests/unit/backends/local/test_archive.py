import subprocess
import sys

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


def test_what_a_job_finds_of_zaffre_is_found_beside_the_driver_of_parallel_jobs(tmp_path):
    """``zaffre.inside`` comes onto a job's path without an ``__init__`` above it; the archive's package must not hide it."""
    (tmp_path / "site" / "zaffre" / "inside").mkdir(parents=True)
    (tmp_path / "site" / "zaffre" / "inside" / "__init__.py").write_text("HERE = 'inside'\n")
    made = archive.parallel(tmp_path)
    code = "import zaffre.agent.parallel.driver, zaffre.inside; print(zaffre.inside.HERE)"
    environ = {"PYTHONPATH": f"{made}:{tmp_path / 'site'}"}
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], check=False, capture_output=True, text=True, env=environ, cwd=tmp_path
    )
    assert done.stdout == "inside\n", done.stderr
