"""Feature sets and the entities they describe. Read and checked; not run yet."""

from zaffre.core.registry import Kind

HERE = (
    Kind(
        name="feature-set",
        collection="feature-sets",
        arm="featuresets",
        folder=__name__,
        spec="spec:FeatureSet",
        summary="Features and how they are computed, by name and version.",
        versioned=True,
        verbs=("create",),
        schemas=("featureSet", "FeatureSet", "Featureset"),
        built=False,
    ),
    Kind(
        name="feature-store-entity",
        collection="feature-store-entities",
        arm="featurestoreEntities",
        folder=__name__,
        spec="spec:FeatureStoreEntity",
        summary="What features are about, and the columns that say which one.",
        versioned=True,
        verbs=("create",),
        schemas=("featurestoreEntity", "FeaturestoreEntity"),
        built=False,
    ),
)
