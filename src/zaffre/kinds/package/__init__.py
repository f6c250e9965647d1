"""Model packages: the order that ``zaffre model package`` carries out (``sdk.packaging``); nothing is kept under this kind."""

from zaffre.core.registry import Kind

HERE = Kind(
    name="model-package",
    collection="model-packages",
    arm="packages",
    folder=__name__,
    spec="spec:ModelPackage",
    summary="A model, its server and its environment as one folder.",
    verbs=("create",),
    schemas=("ModelVersionPackage",),
    built=False,
)
