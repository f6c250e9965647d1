"""Trains a classifier on the first 1,200 handwritten digits; leaves the others as images and as a table."""

import argparse
from pathlib import Path

import joblib
from sklearn.datasets import load_digits
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

TRAINED_ON = 1200

parser = argparse.ArgumentParser()
for name in ("model", "images", "table"):
    parser.add_argument(f"--{name}", type=Path)
args = parser.parse_args()

digits = load_digits(as_frame=True)
model = make_pipeline(StandardScaler(), SVC(gamma=0.01, C=10))
model.fit(digits.data[:TRAINED_ON].to_numpy(), digits.target[:TRAINED_ON])
args.model.mkdir(parents=True, exist_ok=True)
joblib.dump(model, args.model / "model.joblib")

left = digits.frame[TRAINED_ON:]
for index, row in left.iterrows():
    pixels = row.drop("target").astype("uint8")
    # A portable graymap: its header, then a byte a pixel.
    (args.images / f"{index}-is-{int(row.target)}.pgm").write_bytes(b"P5 8 8 16\n" + bytes(pixels))

left.reset_index(names="digit").to_csv(args.table / "digits.csv", index=False)
(args.table / "MLTable").write_text(
    "paths:\n  - file: ./digits.csv\ntransformations:\n  - read_delimited:\n      delimiter: ','\n"
)
print(f"trained on {TRAINED_ON} digits, {len(left)} are left")
