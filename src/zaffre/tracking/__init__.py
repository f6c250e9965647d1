"""MLflow's protocol: experiments, runs, metrics, models and artifacts, on MLflow's own tables."""
