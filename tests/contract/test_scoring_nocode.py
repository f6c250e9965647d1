"""A model saved by MLflow answers Azure's no-code payloads, and both ways through it agree."""

import json
import warnings

import pytest

from zaffre.agent.scoring import collecting
from zaffre.agent.scoring.collecting import Sink
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

        class Tuned(mlflow.pyfunc.PythonModel):
            def predict(self, context, model_input, params=None):
                return [{"n": len(model_input), "params": params}]

        asked = infer_signature(table, [{"n": 1}], params={"top": 3, "word": "x"})
        mlflow.pyfunc.save_model(
            str(root / "tuned"), python_model=Tuned(), signature=asked, pip_requirements=["mlflow"]
        )

        class Chat(mlflow.pyfunc.PythonModel):
            def predict(self, context, model_input, params=None):
                return {"asked": model_input["messages"][0]["content"]}

        mlflow.pyfunc.save_model(str(root / "chat"), python_model=Chat(), pip_requirements=["mlflow"])
        tensors = infer_signature(np.zeros((2, 3)), np.zeros(2))
        mlflow.sklearn.save_model(model, str(root / "tensors" / "model"), signature=tensors, **options)
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


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("input_data", [ROW, ROW]),
        ("inputs", [ROW, ROW]),
        ("instances", [ROW, ROW]),
    ],
)
def test_tensors_come_in_each_shape(models, key, value):
    answer = models["tensors"].answer(post({key: value}))
    assert (answer.status, json.loads(answer.body)) == (200, pytest.approx([0.0, 0.0])), answer.body


def test_a_tensor_of_another_shape_is_400(models):
    answer = models["tensors"].answer(post({"inputs": [[1.0, 2.0]]}))
    assert answer.status == 400
    assert "(-1, 3)" in json.loads(answer.body)["message"]


def test_parameters_are_given_filled_in_and_refused(models):
    model, rows = models["tuned"], [ROW]
    known = json.loads(model.answer(post({"input_data": rows, "params": {"top": 5}})).body)
    assert known == [{"n": 1, "params": {"top": 5, "word": "x"}}]
    wrong = model.answer(post({"input_data": rows, "params": {"tip": 5}}))
    assert (wrong.status, json.loads(wrong.body)["message"]) == (
        400,
        "The model has no parameter tip; it has top, word.",
    )
    described = json.loads(model.swagger("3"))["components"]["schemas"]["ServiceInput"]["properties"]["params"]
    assert described["properties"]["top"]["default"] == 3


def test_csv_is_a_table(models):
    request = Request("POST", "/invocations", "", [("content-type", "text/csv")], b"a,b,c\n1,-2,0.5\n1,-2,0.5\n", True)
    assert json.loads(models["doubles"].answer(request).body)["predictions"] == pytest.approx([0.0, 0.0])


def test_messages_go_to_the_model_as_they_are(models):
    answer = models["chat"].answer(post({"messages": [{"role": "user", "content": "hello"}]}))
    assert json.loads(answer.body) == {"asked": "hello"}


@pytest.mark.parametrize(
    "document",
    [
        {"input_data": {"columns": COLUMNS, "data": [ROW, [1, "x", 2]]}},
        {"dataframe_records": [dict(zip(COLUMNS, ROW, strict=True)), {"a": 1, "b": "x", "c": 2}]},
    ],
)
def test_the_value_that_does_not_fit_is_named(models, document):
    answer = models["doubles"].answer(post(document))
    assert answer.status == 400
    assert "column b, row 1: expected double, found text 'x'" in json.loads(answer.body)["message"]


def test_a_model_without_code_collects_what_it_gets_and_gives(saved, tmp_path):
    names = ("model_inputs", "model_outputs")
    collecting.use(Sink({"collections": {name: {"folder": str(tmp_path / name)} for name in names}}))
    try:
        model = MlflowModel(Config("unused", "mlflow", model_dir=str(saved / "doubles")))
        assert model.answer(post({"input_data": [ROW]})).status == 200
        collecting.present().close()
    finally:
        collecting.use(None)
    kept = {name: [json.loads(one.read_text()) for one in (tmp_path / name).rglob("*.jsonl")] for name in names}
    assert kept["model_inputs"][0]["data"] == [dict(zip(COLUMNS, ROW, strict=True))]
    assert kept["model_outputs"][0]["correlationid"] == kept["model_inputs"][0]["correlationid"]
