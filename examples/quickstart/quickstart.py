"""The quickstart in Python: data, job, endpoint, deployment and a prediction, with the names of Azure's SDK.

Run it with the Python that has Zaffre:   python quickstart.py
"""

from pathlib import Path

from zaffre import Input, MLClient, Output, command, load_data, load_environment
from zaffre.entities import ManagedOnlineDeployment, ManagedOnlineEndpoint

HERE = Path(__file__).parent


def main():
    client = MLClient()  # the Zaffre on this machine, unless ZAFFRE_URL names another

    client.data.create_or_update(load_data(HERE / "data.yml"))

    job = command(
        display_name="Tell the cultivar of a wine",
        experiment_name="quickstart",
        code=str(HERE / "src"),
        command="python train.py --data ${{inputs.wine}} --C ${{inputs.C}} --model ${{outputs.model}}",
        inputs={"wine": Input(type="uri_file", path="azureml:quickstart-wine@latest"), "C": 1.0},
        outputs={"model": Output(type="mlflow_model", name="quickstart-model")},
        environment=load_environment(HERE / "environment.yml"),
    )
    job = client.jobs.create_or_update(job)
    client.jobs.stream(job.name)

    endpoint = ManagedOnlineEndpoint(name="quickstart", auth_mode="key")
    client.online_endpoints.begin_create_or_update(endpoint).result()

    deployment = ManagedOnlineDeployment(
        name="blue",
        endpoint_name=endpoint.name,
        model="azureml:quickstart-model@latest",
        instance_type="Standard_DS3_v2",
        instance_count=1,
    )
    client.online_deployments.begin_create_or_update(deployment).result()
    endpoint.traffic = {"blue": 100}
    client.online_endpoints.begin_create_or_update(endpoint).result()

    answer = client.online_endpoints.invoke(endpoint_name=endpoint.name, request_file=str(HERE / "sample-request.json"))
    print(f"cultivars: {answer}")


if __name__ == "__main__":
    main()
