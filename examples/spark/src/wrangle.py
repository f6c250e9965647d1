"""Read, fill, scale, write: a Spark job's usual day."""

import argparse

from cleaning import filled, scaled
from pyspark.sql import SparkSession

parser = argparse.ArgumentParser()
parser.add_argument("--wine")
parser.add_argument("--wrangled")
args = parser.parse_args()

spark = SparkSession.builder.appName("wine").getOrCreate()
table = spark.read.csv(args.wine, header=True, inferSchema=True)
numbers = [name for name in table.columns if name != "kind"]
gaps = sum(table.filter(table[name].isNull()).count() for name in numbers)
done = scaled(filled(table, numbers), numbers)
done.write.mode("overwrite").partitionBy("kind").parquet(args.wrangled)
print(f"Spark {spark.version} on {spark.sparkContext.master}: {done.count()} wines, {gaps} gaps filled")
spark.stop()
