"""The specifications of a feature set and of a feature-store entity."""

from typing import Annotated, Any, ClassVar, Literal

from zaffre.core.shapes import SERVER_FACTS, VersionedAsset
from zaffre.core.spelling import LocalPath
from zaffre.core.triggers import Recurrence
from zaffre.core.wire import Spec

Stage = Literal["Development", "Production", "Archived"]


class Specification(Spec):
    """The folder that says what the features are."""

    path: Annotated[str, LocalPath("data")]


class Notification(Spec):
    """Who hears of which ends."""

    email_on: list[Literal["JobCompleted", "JobFailed", "JobCancelled"]]
    emails: list[str]


class MaterializationResource(Spec):
    """The size of a node."""

    instance_type: str | None = None


class Materialization(Spec):
    """When features are computed ahead, where, and who hears of it."""

    schedule: Recurrence | None = None
    notification: Notification | None = None
    resource: MaterializationResource | None = None
    spark_configuration: dict[str, Any] | None = None
    offline_enabled: bool | None = None
    online_enabled: bool | None = None


class FeatureSet(VersionedAsset):
    """Features and how they are computed."""

    needs: ClassVar[tuple[str, ...]] = ("name", "version")
    ignored: ClassVar[frozenset[str]] = SERVER_FACTS

    specification: Specification
    entities: list[str]
    stage: Stage | None = None
    materialization_settings: Materialization | None = None


class IndexColumn(Spec):
    """A column that says which one is meant."""

    name: str
    type: str


class FeatureStoreEntity(VersionedAsset):
    """What features are about."""

    needs: ClassVar[tuple[str, ...]] = ("name", "version")
    ignored: ClassVar[frozenset[str]] = SERVER_FACTS

    index_columns: list[IndexColumn]
    stage: Stage | None = None
