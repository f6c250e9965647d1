"""An MLflow model in the place of a script, with real worker processes and a real model: tables, images, what is refused."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.unit.agent.parallel.test_driver import Job

ROWS = pd.DataFrame({"code": ["007", "008", "010"], "x": [1, 2, 3], "y": [0.5, 1.5, 2.5]})
MAKE = """
import sys
import mlflow, numpy as np, pandas as pd
from mlflow.models import ModelSignature, infer_signature
from mlflow.types import Schema, TensorSpec
from sklearn.linear_model import LinearRegression

class Sums(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return [f"{code}={x + y:g}" for code, x, y in model_input[["code", "x", "y"]].to_numpy()]

class Brightness(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return [{"mean": float(picture.mean()), "shape": list(picture.shape)} for picture in model_input]

rows = pd.DataFrame({"code": ["007", "008", "010"], "x": [1, 2, 3], "y": [0.5, 1.5, 2.5]})
folder = sys.argv[1]
more = {"pip_requirements": ["mlflow"]}
mlflow.pyfunc.save_model(folder + "/sums", python_model=Sums(), signature=infer_signature(rows, ["a"]), **more)
model = LinearRegression().fit(rows[["x", "y"]], np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]]))
mlflow.sklearn.save_model(model, folder + "/line", signature=infer_signature(rows[["x", "y"]]), **more)
signature = ModelSignature(Schema([TensorSpec(np.dtype("uint8"), (-1, 2, 3, 3))]))
mlflow.pyfunc.save_model(folder + "/brightness", python_model=Brightness(), signature=signature, **more)
"""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sums of two columns, a line of two values, the brightness of pictures."""
    folder = tmp_path_factory.mktemp("models")
    subprocess.run([sys.executable, "-W", "ignore", "-c", MAKE, str(folder)], check=True, timeout=100, cwd=folder)
    return folder


@pytest.fixture
def sums(models: Path) -> Path:
    return models / "sums"


def job(folder: Path, model: Path, files: dict[str, bytes], **more) -> Job:
    made = Job(folder, "", model=str(model), per_node=1, files=1, **more)
    for file in (folder / "data").iterdir():
        file.unlink()
    for name, content in files.items():
        (folder / "data" / name).write_bytes(content)
    return made


def rows(made: Job) -> list[list[str]]:
    return list(csv.reader((made.folder / "out" / "rows").read_text().splitlines()))


def test_a_line_for_each_row_of_each_table(tmp_path, sums):
    table = ROWS.to_csv(index=False).encode()
    ROWS.to_parquet(tmp_path / "t.parquet")
    made = job(tmp_path, sums, {"a.csv": table, "b.parquet": (tmp_path / "t.parquet").read_bytes()})
    assert made.run() == 0, made.said
    expected = ["007=1.5", "008=3.5", "010=5.5"]
    assert rows(made) == [[str(n), value, name] for name in ("a.csv", "b.parquet") for n, value in enumerate(expected)]


def test_numbers_stay_numbers_and_several_values_are_json(tmp_path, models):
    made = job(tmp_path, models / "line", {"a.csv": ROWS[["x", "y"]].to_csv(index=False).encode()})
    assert made.run() == 0, made.said
    assert [line[0] for line in rows(made)] == ["0", "1", "2"]
    assert json.loads(rows(made)[2][1]) == pytest.approx([3.0, 6.0])


def test_pictures_in_the_shape_of_the_signature(tmp_path, models):
    from PIL import Image

    Image.fromarray(np.full((2, 3, 3), 7, dtype="uint8")).save(tmp_path / "seven.png")
    made = job(tmp_path, models / "brightness", {"seven.png": (tmp_path / "seven.png").read_bytes()})
    assert made.run() == 0, made.said
    ((answer, name),) = rows(made)
    assert (json.loads(answer), name) == ({"mean": 7.0, "shape": [2, 3, 3]}, "seven.png")


def test_a_file_of_another_sort_ends_the_job(tmp_path, sums):
    made = job(tmp_path, sums, {"a.csv": ROWS.to_csv(index=False).encode(), "b.txt": b"words"})
    assert made.run() == 1
    assert "Error processing input file: b.txt. File type .txt is not supported" in made.message


def test_a_value_that_does_not_fit_fails_its_file(tmp_path, sums):
    bad = ROWS.astype({"x": "object"})
    bad.loc[1, "x"] = "two"
    files = {"a.csv": ROWS.to_csv(index=False).encode(), "bad.csv": bad.to_csv(index=False).encode()}
    made = job(tmp_path, sums, files, retries=0, batches_allowed=0)
    assert made.run() == 1
    assert "Error processing input file: bad.csv. ValueError: column x: expected long" in made.message


def test_a_missing_column_is_named(tmp_path, sums):
    made = job(tmp_path, sums, {"a.csv": ROWS[["x", "y"]].to_csv(index=False).encode()}, retries=0)
    assert made.run() == 1
    assert "code" in made.message
    assert "a.csv" in made.message
