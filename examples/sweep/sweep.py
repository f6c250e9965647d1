"""The same sweep in Python, with azure.ai.ml's names."""

from zaffre import Input, MLClient, Output, command
from zaffre.sweep import BanditPolicy, Choice, LogUniform, QUniform

ml_client = MLClient()
train = command(
    code="src",
    command="python train.py --digits ${{inputs.digits}} --model ${{outputs.model}}"
    " --rate ${{inputs.rate}} --batch ${{inputs.batch}} --decay ${{inputs.decay}}",
    inputs={"digits": Input(type="uri_file", path="data/digits.csv.gz"), "rate": 0.1, "batch": 64, "decay": 0.0},
    outputs={"model": Output(type="custom_model")},
    environment={"image": "python:3.11", "conda_file": "environment.yml"},
)
job = train(rate=LogUniform(-7, 0), batch=Choice([16, 64, 256]), decay=QUniform(0, 0.1, 0.01)).sweep(
    primary_metric="accuracy",
    goal="maximize",
    sampling_algorithm="random",
    early_termination_policy=BanditPolicy(slack_factor=0.1, evaluation_interval=2, delay_evaluation=4),
    max_total_trials=4,
    max_concurrent_trials=2,
)
job = ml_client.jobs.create_or_update(job)
ml_client.jobs.stream(job.name)
print("best:", ml_client.jobs.get(job.name).properties["best_child_run_id"])
