"""Pure pieces of the Spark job."""
