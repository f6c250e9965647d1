"""Datastores: named places for data."""

from zaffre.core.registry import Kind

HERE = Kind(
    name="datastore",
    collection="datastores",
    arm="datastores",
    folder=__name__,
    spec="spec:Datastore",
    summary="A named place for data.",
    verbs=("create", "update", "show", "list", "delete", "check", "list-secrets"),
    schemas=("azureBlob", "azureFile", "azureDataLakeGen1", "azureDataLakeGen2", "oneLake"),
)
