"""Which penguin has a bill like this? The nearest of three averages, as a scoring script for Azure ML."""

import json
import os

import pandas as pd
from azureml.ai.monitoring import Collector
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema

COLUMNS = ["bill_length_mm", "bill_depth_mm"]
SAMPLE = pd.DataFrame([[39.1, 18.7]], columns=COLUMNS)


def init():
    """Runs once; the workers share what it loads."""
    global averages, inputs, outputs
    with open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "weights.json")) as file:
        averages = pd.DataFrame(json.load(file), index=COLUMNS).T
    inputs = Collector(name="model_inputs")
    outputs = Collector(name="model_outputs")


@input_schema("data", PandasParameterType(SAMPLE))
@output_schema(StandardPythonParameterType(["Adelie"]))
def run(data):
    """Runs for every request."""
    context = inputs.collect(data)
    distances = pd.DataFrame({name: ((data[COLUMNS] - row) ** 2).sum(axis=1) for name, row in averages.iterrows()})
    species = distances.idxmin(axis=1)
    outputs.collect(pd.DataFrame({"species": species}), context)
    return species.tolist()
