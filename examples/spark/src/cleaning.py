"""What the rows have to go through; shipped to the executors by ``py_files``."""

from pyspark.ml.feature import Imputer
from pyspark.sql import DataFrame, functions


def filled(table: DataFrame, columns: list[str]) -> DataFrame:
    """Gaps filled with the mean of their column."""
    return Imputer(inputCols=columns, outputCols=columns, strategy="mean").fit(table).transform(table)


def scaled(table: DataFrame, columns: list[str]) -> DataFrame:
    """Every column between 0 and 1."""
    bounds = table.agg(
        *[functions.min(c).alias(f"{c}_min") for c in columns], *[functions.max(c).alias(f"{c}_max") for c in columns]
    ).first()
    for column in columns:
        low, high = bounds[f"{column}_min"], bounds[f"{column}_max"]
        table = table.withColumn(column, (functions.col(column) - low) / (high - low))
    return table
