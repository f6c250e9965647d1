"""Train a model that tells the cultivar of a wine from its chemistry, and save it as an MLflow model."""

import argparse
from pathlib import Path

import mlflow
import pandas as pd
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

PACKAGES = Path(__file__).with_name("conda.yml")


def main():
    args = parse_args()

    # Parameters, training metrics and the plots are logged by themselves, into the run of this job.
    # The model is not: it is saved below, where the job's output is.
    mlflow.autolog(log_models=False)

    wine = pd.read_csv(args.data)
    features, cultivar = wine.drop(columns="cultivar"), wine["cultivar"]
    train_x, test_x, train_y, test_y = train_test_split(
        features, cultivar, test_size=args.test_size, stratify=cultivar, random_state=args.seed
    )
    print(f"{len(train_x)} wines to train on, {len(test_x)} to test on")

    model = make_pipeline(StandardScaler(), LogisticRegression(C=args.C))
    with mlflow.start_run():  # inside a job this is the job's own run
        model.fit(train_x, train_y)
        predicted = model.predict(test_x)
        accuracy = accuracy_score(test_y, predicted)
        mlflow.log_metric("test_accuracy", accuracy)
    print(f"accuracy on wines it has not seen: {accuracy:.3f}")

    # The model takes the list of packages along that it was trained with; its endpoint installs the same.
    mlflow.sklearn.save_model(model, args.model, conda_env=str(PACKAGES), signature=infer_signature(test_x, predicted))
    print("model saved")


def parse_args():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="the table, a CSV file")
    parser.add_argument("--C", type=float, default=1.0, help="inverse of the regularisation's strength")
    parser.add_argument("--test-size", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--model", required=True, help="folder to save the model in")
    return parser.parse_args()


if __name__ == "__main__":
    main()
