"""The first SDK's run outside a job: it prints, and keeps what it was told for as long as the process lives."""

import pytest

from zaffre.inside.run import Run, _OfflineRun


@pytest.fixture
def offline(monkeypatch):
    for name in ("AZUREML_RUN_ID", "AZUREML_RUN_TOKEN", "MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_URI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Run, "_context", None)
    return Run.get_context()


def test_it_prints_what_a_job_would_log(offline, capsys):
    assert isinstance(offline, _OfflineRun)
    assert offline.id.startswith("OfflineRun_")
    offline.log("accuracy", 0.5)
    offline.log_list("loss", [2, 1])
    offline.log_row("row", x=1)
    offline.log_table("t", {"a": [1]})
    offline.tag("k", "v")
    offline.upload_file("name", "path")
    offline.complete()
    told = capsys.readouterr().out
    assert "Attempted to log scalar metric accuracy:\n0.5\n" in told
    assert "Attempted to upload path as name" in told
    assert offline.get_metrics() == {"accuracy": 0.5, "loss": [2.0, 1.0], "row/x": 1.0}
    assert (offline.get_tags(), offline.get_status(), offline.parent) == ({"k": "v"}, "Completed", None)


def test_what_only_a_job_has_is_refused_with_a_sentence(offline):
    with pytest.raises(AttributeError, match="offline"):
        _ = offline.experiment
    with pytest.raises(RuntimeError, match="as a job"):
        offline.register_model("m")
    with pytest.raises(NotImplementedError, match="environment variable"):
        offline.get_secret("x")


def test_offline_may_be_forbidden(offline):
    Run._context = None
    with pytest.raises(RuntimeError, match="not a job"):
        Run.get_context(allow_offline=False)


def test_a_block_that_fails_says_so(offline):
    with pytest.raises(ZeroDivisionError), offline.child_run() as child:
        raise ZeroDivisionError("x")
    assert child.get_status() == "Failed"
    assert child.get_tags()["error"] == "x"
