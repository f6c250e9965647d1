"""pyarrow, pandas and numpy, without the types that they have in part: values of theirs are ``Any`` on this floor."""

from __future__ import annotations

from typing import Any

import numpy
import pandas
import pyarrow
import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet

np: Any = numpy
pd: Any = pandas
pa: Any = pyarrow
pc: Any = pyarrow.compute
pacsv: Any = pyarrow.csv
pq: Any = pyarrow.parquet
