"""A model saved by MLflow answers Azure's no-code payloads, and both ways through it agree."""

import json
import warnings

import pytest

from zaffre.agent.scoring.config import Config
from zaffre.agent.scoring.nocode import MlflowModel, find
from zaffre.agent.scoring.script import BadScript
from zaffre.agent.scoring.wire import Request

pytestmark = pytest.mark.filterwarnings("ignore")  # the host sets its own filters; pytest resets them for each test
COLUMNS = ["a", "b", "c"]
ROW = [1.0, -2.0, 0.5]


def post(document, path="/score"):
    return Request("POST", path, "", [], json.dumps(document).encode(), True)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import mlflow
        import numpy as np
        import pandas as pd
        from mlflow.models import infer_signature
        from sklearn.linear_model import LinearRegression

        rng = np.random.default_rng(0)
        table = pd.DataFrame(rng.normal(size=(50, 3)), columns=COLUMNS)
        model = LinearRegression().fit(table, table.a * 2 + table.b)
        root = tmp_path_factory.mktemp("models")
        options = {"serialization_format": "cloudpickle", "pip_requirements": ["scikit-learn"]}
        signature = infer_signature(table, model.predict(table))
        mlflow.sklearn.save_model(model, str(root / "doubles" / "model"), signature=signature, **options)
        mlflow.sklearn.save_model(model, str(root / "unsigned" / "model"), **options)
        mixed = infer_signature(table.assign(c=1, b="x"), model.predict(table))

        class Mixed(mlflow.pyfunc.PythonModel):
            def predict(self, context, model_input, params=None):
                if (model_input["b"] == "fail").any():
                    raise RuntimeError("the model's own secret")
                return model_input[["a", "b"]]

        mlflow.pyfunc.save_model(
            str(root / "mixed"), python_model=Mixed(), signature=mixed, pip_requirements=["mlflow"]
        )
    return root


@pytest.fixture(scope="module")
def models(saved):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {path.name: MlflowModel(Config("unused", "mlflow", model_dir=str(path))) for path in saved.iterdir()}


PAYLOADS = {
    "split": {"input_data": {"columns": COLUMNS, "index": [7], "data": [ROW]}},
    "other order": {"input_data": {"columns": COLUMNS[::-1], "data": [ROW[::-1]]}},
    "more columns": {"input_data": {"columns": [*COLUMNS, "z"], "data": [[*ROW, 9]]}},
    "rows": {"input_data": [ROW]},
    "records": {"input_data": [dict(zip(COLUMNS, ROW, strict=True))]},
    "no columns": {"input_data": {"data": [ROW]}},
    "dataframe_split": {"dataframe_split": {"columns": COLUMNS, "data": [ROW]}},
    "dataframe_records": {"dataframe_records": [dict(zip(COLUMNS, ROW, strict=True))]},
    "inputs": {"inputs": {name: [value] for name, value in zip(COLUMNS, ROW, strict=True)}},
    "instances": {"instances": [dict(zip(COLUMNS, ROW, strict=True))]},
}


@pytest.mark.parametrize("name", PAYLOADS)
def test_every_payload_gives_the_same_plain_list(models, name):
    answer = models["doubles"].answer(post(PAYLOADS[name]))
    assert answer.status == 200, answer.body
    assert json.loads(answer.body) == pytest.approx([0.0])


def test_invocations_answers_as_mlflow_does(models):
    answer = models["doubles"].answer(post(PAYLOADS["split"], "/invocations"))
    assert json.loads(answer.body) == {"predictions": pytest.approx([0.0])}


def test_the_short_way_is_taken_and_gives_the_very_same(models):
    model = models["doubles"]
    assert model._bare is not None
    document = {"input_data": {"columns": COLUMNS, "data": [[0.1, 0.2, 0.3], [1e9, -3, 7]]}}
    short = model.answer(post(document)).body
    kept, model._bare = model._bare, None
    try:
        assert model.answer(post(document)).body == short
    finally:
        model._bare = kept


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"input_data": {"columns": COLUMNS[1:], "data": [ROW[1:]]}}, "Missing column: a."),
        ({"input_data": {"columns": COLUMNS, "data": [["x", 1, 2]]}}, "column a"),
        ({"input_data": [[1, 2]]}, "3 values"),
        ({"data": [[1, 2, 3]]}, "input_data"),
        ({"input_data": [ROW], "inputs": [ROW]}, "input_data"),
        ({"input_data": {"columns": COLUMNS, "data": 5}}, "dataframe"),
        ([1], "object"),
    ],
)
def test_wrong_input_is_400_and_names_what_is_wrong(models, document, said):
    answer = models["doubles"].answer(post(document))
    assert answer.status == 400
    assert said in json.loads(answer.body)["message"]


@pytest.mark.parametrize("body", [b"", b"x", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_400(models, body):
    assert models["doubles"].answer(Request("POST", "/score", "", [], body, True)).status == 400


def test_an_unsigned_model_takes_rows(models):
    assert models["unsigned"]._bare is None
    assert json.loads(models["unsigned"].answer(post({"input_data": [ROW]})).body) == pytest.approx([0.0])


def test_a_table_is_answered_as_records_and_a_models_failure_as_500(models):
    good = {"input_data": {"columns": COLUMNS, "data": [[1.5, "x", 1]]}}
    assert json.loads(models["mixed"].answer(post(good)).body) == [{"a": 1.5, "b": "x"}]
    bad = models["mixed"].answer(post({"input_data": {"columns": COLUMNS, "data": [[1.5, "fail", 1]]}}))
    assert bad.status == 500
    assert b"secret" not in bad.body


def test_health_routes_and_methods(models):
    model = models["doubles"]
    assert model.answer(Request("GET", "/ping", "", [], b"", True)).status == 200
    assert model.answer(Request("GET", "/version", "", [], b"", True)).body.startswith(b"3.")
    assert model.answer(Request("GET", "/score", "", [], b"", True)).status == 405
    assert "x-columns" in json.loads(model.swagger("2"))["definitions"]["ServiceInput"]


def test_a_folder_without_a_model_says_so(tmp_path):
    with pytest.raises(BadScript, match="MLmodel"):
        find(str(tmp_path))
