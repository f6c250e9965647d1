"""Registry routes that change Zaffre's model assets: checked here, made there, then written to MLflow's tables.

MLflow's prompts live in the same tables and are no model assets: they skip the middle step.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from zaffre.tracking import access, logged_models, registry, sources, versions
from zaffre.tracking.assets import Change, NewVersion
from zaffre.tracking.call import Call, Principal
from zaffre.tracking.errors import Refusal
from zaffre.tracking.limits import check_model_name, check_registry_tag
from zaffre.tracking.service import TrackingService
from zaffre.tracking.wire import Body, pairs

Flow = Callable[[TrackingService, Principal, Body], Awaitable[Any]]


async def create_model(service: TrackingService, who: Principal, body: Body) -> Any:
    """``POST registered-models/create``."""
    tags = pairs(body.get("tags", ()))
    name = body["name"]
    await service.read(who, lambda call, _: registry.check_new(call, name, tags), body)
    assets = service.settings.assets
    if assets is not None and not _says_prompt(tags):
        change = Change(name, description=body.get("description"), tags=tags, actor=who.subject)
        await assets.create_model(who.workspace, change)

    def write(call: Call, _: Body) -> Any:
        if assets is None:
            registry.check_new(call, name, tags)
        registry.put(call, name, body.get("description", ""), tags)
        return registry.get(call, {"name": name})

    return await service.write(who, write, body)


def _says_prompt(tags: dict[str, str]) -> bool:
    return tags.get(registry.PROMPT_TAG, "").lower() == "true"


async def create_version(service: TrackingService, who: Principal, body: Body) -> Any:
    """``POST model-versions/create``."""
    tags = pairs(body.get("tags", ()))
    prompt = _says_prompt(tags)

    def check(call: Call, _: Body) -> sources.Source:
        for key, value in tags.items():
            check_registry_tag(key, value)
        if prompt and body["source"] not in sources.PROMPT_SOURCES:
            raise Refusal(f"Invalid prompt source: '{body['source']}'. Prompt sources must use an MLflow placeholder.")
        source = sources.Source(body["source"], body["source"]) if prompt else sources.check(call, body)
        registry.fetch(call, body["name"])
        return source

    source: sources.Source = await service.read(who, check, body)
    number = 0
    assets = service.settings.assets
    if assets is not None and not prompt:
        new = NewVersion(
            body["name"], source.source, source.location, source.run, body.get("description", ""), tags, who.subject
        )
        number = await assets.create_version(who.workspace, new)

    def write(call: Call, _: Body) -> Any:
        return _write_version(call, body, source, number)

    return await service.write(who, write, body)


def _write_version(call: Call, body: Body, source: sources.Source, number: int) -> Any:
    name = body["name"]
    number = number or versions.next_number(call, name)
    row = versions.VersionRow(
        name,
        number,
        source.source,
        source.location,
        run=source.run or body.get("run_id", ""),
        run_link=body.get("run_link", ""),
        description=body.get("description", ""),
        tags=pairs(body.get("tags", ())),
    )
    versions.put(call, row)
    versions.touch(call, name)
    if source.model:
        logged_models.note_version(call, source.model, name, number)
    return versions.get(call, {"name": name, "version": str(number)})


def _changing(
    check: Callable[[Call, Body], Any], change: Callable[[Body], Change], write: Callable[[Call, Body], Any]
) -> Flow:
    """A flow that changes description or tags: of assets first, unless it is a prompt's."""

    async def flow(service: TrackingService, who: Principal, body: Body) -> Any:
        def look(call: Call, given: Body) -> bool:
            check(call, given)
            return registry.is_prompt(call, given["name"])

        if service.settings.assets is not None and not await service.read(who, look, body):
            wanted = change(body)
            wanted = Change(
                wanted.name, wanted.version, wanted.description, wanted.tags, wanted.removed_tags, who.subject
            )
            await service.settings.assets.update(who.workspace, wanted)
        return await service.write(who, write, body)

    return flow


def _model(call: Call, body: Body) -> None:
    registry.fetch(call, body["name"])
    if "key" in body:
        check_registry_tag(body["key"], body.get("value", ""))


def _version(call: Call, body: Body) -> None:
    registry.fetch_version(call, body["name"], body["version"])
    if "key" in body:
        check_registry_tag(body["key"], body.get("value", ""))


def _number(body: Body) -> int | None:
    return int(body["version"]) if "version" in body else None


def _described(body: Body) -> Change:
    return Change(body["name"], _number(body), description=body.get("description", ""))


def _tagged(body: Body) -> Change:
    return Change(body["name"], _number(body), tags={body["key"]: body.get("value", "")})


def _untagged(body: Body) -> Change:
    return Change(body["name"], _number(body), removed_tags=(body["key"],))


update_model = _changing(_model, _described, registry.update)
tag_model = _changing(_model, _tagged, registry.set_tag)
untag_model = _changing(_model, _untagged, registry.delete_tag)
update_version = _changing(_version, _described, versions.update)
tag_version = _changing(_version, _tagged, versions.set_tag)
untag_version = _changing(_version, _untagged, versions.delete_tag)


async def rename_model(service: TrackingService, who: Principal, body: Body) -> Any:
    """``POST registered-models/rename``."""

    def check(call: Call, _: Body) -> bool:
        access.users_only(call, "rename registered models")
        check_model_name(body["new_name"], "new_name")
        registry.fetch(call, body["name"])
        if body["new_name"] != body["name"]:
            registry.check_new(call, body["new_name"], {})
        return registry.is_prompt(call, body["name"])

    prompt = await service.read(who, check, body)
    if service.settings.assets is not None and not prompt:
        await service.settings.assets.rename(who.workspace, body["name"], body["new_name"], who.subject)
    return await service.write(who, registry.rename, body)


async def delete_model(service: TrackingService, who: Principal, body: Body) -> Any:
    """``DELETE registered-models/delete``."""
    return await _delete(service, who, body, registry.delete)


async def delete_version(service: TrackingService, who: Principal, body: Body) -> Any:
    """``DELETE model-versions/delete``."""
    return await _delete(service, who, body, versions.delete)


async def _delete(service: TrackingService, who: Principal, body: Body, write: Callable[[Call, Body], Any]) -> Any:
    def check(call: Call, given: Body) -> bool:
        access.users_only(call, "delete registered models")
        (_version if "version" in given else _model)(call, given)
        return registry.is_prompt(call, given["name"])

    prompt = await service.read(who, check, body)
    if service.settings.assets is not None and not prompt:
        await service.settings.assets.delete(who.workspace, body["name"], _number(body), who.subject)
    return await service.write(who, write, body)
