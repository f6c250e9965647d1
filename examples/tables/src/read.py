"""One table, as its files and as a frame."""

import argparse
from pathlib import Path

import mltable

parser = argparse.ArgumentParser()
parser.add_argument("--files")
parser.add_argument("--table")
given = parser.parse_args()

files = sorted(path for path in Path(given.files).rglob("*.csv"))
print("files:", *(path.parent.name for path in files))

frame = mltable.load(given.table).to_pandas_dataframe()
print("rows:", len(frame))
print("mean alcohol:", round(frame["alcohol"].mean(), 4))
print("cultivars:", *sorted(frame["cultivar"].unique()))
