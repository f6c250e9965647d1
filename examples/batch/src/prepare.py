"""Trains a classifier on the first 1,200 handwritten digits; leaves ten thousand images of the others, and a table of them."""

import argparse
from pathlib import Path

import joblib
import mlflow
from mlflow.models import infer_signature
from sklearn.datasets import load_digits
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

TRAINED_ON = 1200

parser = argparse.ArgumentParser()
for name in ("scripted", "described", "images", "table"):
    parser.add_argument(f"--{name}", type=Path)
parser.add_argument("--count", type=int)
args = parser.parse_args()

digits = load_digits(as_frame=True)
model = make_pipeline(StandardScaler(), SVC(gamma=0.01, C=10))
model.fit(digits.data[:TRAINED_ON], digits.target[:TRAINED_ON])

# The same model twice: as a file that a script loads, and as MLflow describes models.
args.scripted.mkdir(parents=True, exist_ok=True)
joblib.dump(model, args.scripted / "model.joblib")
signature = infer_signature(digits.data[:5], model.predict(digits.data[:5]))
mlflow.sklearn.save_model(model, args.described, signature=signature)

left = digits.frame[TRAINED_ON:].reset_index(drop=True)
pixels = left.drop(columns="target").astype("uint8").to_numpy()
for number in range(args.count):
    row = number % len(left)
    name = f"{number:05}-is-{left.target[row]}.pgm"
    # A portable graymap: its header, then a byte a pixel.
    (args.images / name).write_bytes(b"P5 8 8 16\n" + pixels[row].tobytes())

left.drop(columns="target").to_csv(args.table / "digits.csv", index=False)
(args.table / "MLTable").write_text(
    "paths:\n  - file: ./digits.csv\ntransformations:\n  - read_delimited:\n      delimiter: ','\n"
)
print(f"trained on {TRAINED_ON} digits, {args.count} images of {len(left)} others")
