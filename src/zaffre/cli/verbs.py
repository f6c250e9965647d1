"""Every verb: one sentence, its flags, and the function that does it. Plain data: help needs no more.

A kind's own entry (``online-endpoint create``) goes before the general one (``create``). ``{thing}`` in a sentence is
the kind's name; a ``!`` before a flag makes it required.
"""

from __future__ import annotations

Verb = tuple[str, tuple[str, ...], str]
"""(sentence, names in ``flags.FLAGS``, ``module:function`` below ``zaffre.cli``)."""

_ASSET = ("name", "version", "label", "registry_name")
_MAKE = ("file", "name", "set", "description", "tags")
_MAKE_ASSET = (*_MAKE, "version", "registry_name", "skip_validation")
_EDIT = ("!name", "set", "add", "remove")
_LIST = ("max_results", "archived_only", "include_archived", "tag", "filter")
_DEPLOYMENT = ("!name", "!endpoint_name")
_LOCAL = ("local", "in_front", "vscode_debug")

VERBS: dict[str, Verb] = {
    "create": ("Create {thing}, from a document, flags, or both.", (*_MAKE, "no_wait"), "write:create"),
    "update": ("Change fields of {thing}.", (*_EDIT, "file", "no_wait"), "write:update"),
    "show": ("Show {thing}.", ("!name",), "crud:show"),
    "list": ("List what is there.", _LIST, "crud:show_all"),
    "delete": ("Delete {thing}.", ("!name", "yes", "no_wait"), "crud:delete"),
    "archive": ("Hide {thing} from lists; it stays usable.", ("!name", "version", "label"), "crud:archive"),
    "restore": ("Show {thing} in lists again.", ("!name", "version", "label"), "crud:restore"),
    "validate": ("Check a document without creating anything.", ("!file", "set", "name"), "submit:validate"),
    "stream": ("Show the log until the job ends.", ("!name",), "jobs:stream"),
    "cancel": ("Ask {thing} to stop.", ("!name",), "jobs:cancel"),
    "start": ("Start {thing}.", ("!name", "no_wait"), "crud:operate"),
    "stop": ("Stop {thing}.", ("!name", "no_wait"), "crud:operate"),
    "restart": ("Stop {thing} and start it again.", ("!name", "no_wait"), "crud:operate"),
    "enable": ("Let {thing} start what it starts, from now on.", ("!name", "no_wait"), "schedules:switch"),
    "disable": ("Have {thing} start nothing until it is enabled.", ("!name", "no_wait"), "schedules:switch"),
    "trigger": ("Start what {thing} starts, now.", ("!name",), "schedules:trigger"),
    "history": (
        "Show what {thing} started, and what it left out and why.", ("!name", "max_results"), "schedules:history",
    ),
    "attach": (
        "Attach what runs elsewhere.",
        ("file", "name", "type", "set", "resource_id", "namespace", "tags", "no_wait"), "compute:attach",
    ),
    "list-nodes": ("Show the nodes of {thing} and what they do.", ("!name",), "compute:list_nodes"),
    "list-usage": ("Show used nodes, and how many there may be.", ("location",), "compute:list_usage"),
    "list-sizes": ("Show sizes of nodes.", ("location", "type"), "compute:list_sizes"),
    "why": ("Show what {thing} waits for, or why it ended.", ("!name",), "jobs:why"),
    "show-services": ("Show the services of {thing} and where each is reached.", ("!name",), "jobs:show_services"),
    "invoke": (
        "Send a request to {thing}, show the answer.", ("!name", "!request_file", "deployment_name", "local"),
        "online:invoke",
    ),
    "get-credentials": ("Show the keys of {thing}.", ("!name",), "online:get_credentials"),
    "regenerate-keys": (
        "Make a new key; the old one stops working.", ("!name", "key_type", "yes", "no_wait"), "online:regenerate_keys",
    ),
    "share": (
        "Copy {thing} into a registry.",
        ("!name", "!version", "!registry_name", "share_with_name", "share_with_version"), "sharing:share",
    ),
    "copy": (
        "Copy {thing} from a registry or another workspace into this one.", ("!source", "name", "version"),
        "sharing:copy",
    ),
    "get-logs": (
        "Show the log of {thing}.", (*_DEPLOYMENT, "local", "lines", "container", "follow_log"), "serving:get_logs",
    ),
    "metrics": (
        "Show rate, latencies, errors, queue, processor and memory of {thing}.",
        (*_DEPLOYMENT, "window", "time_step"), "serving:metrics",
    ),
    "test": (
        "Send recorded requests to {thing} before it gets traffic, and report errors, latencies and differences.",
        (*_DEPLOYMENT, "replay", "against", "at_once", "max_requests", "max_different", "save_recording"),
        "serving:test",
    ),
}  # fmt: skip

OWN_VERBS: dict[tuple[str, str], Verb] = {
    ("job", "create"): (
        "Submit a job.", ("!file", "name", "set", "stream", "web", "save_as", "skip_validation"), "submit:create",
    ),
    ("job", "list"): (
        "List jobs, the newest first.",
        (*_LIST, "all_results", "parent_job_name", "status", "experiment_name", "created_after", "search",
         "schedule"),
        "crud:show_all",
    ),
    ("job", "plan"): (
        "Show which steps of a pipeline would run, and why the others need not.", ("!file", "name", "set"), "steering:plan",
    ),
    ("job", "resume"): (
        "Go on with a pipeline that failed or was canceled: what completed is taken over.",
        ("job_name", "name", "new_name", "stream"), "steering:resume",
    ),
    ("job", "approve"): (
        "Decide a step of a pipeline that waits for approval.", ("job_name", "name", "!step", "reject", "comment"),
        "steering:approve",
    ),
    ("job", "replay"): (
        "Run a job's command, or a step's, again here: same code, inputs and environment.",
        ("job_name", "name", "step", "open_shell"), "steering:replay",
    ),
    ("job", "show"): ("Show a job.", ("!name", "web"), "crud:show"),
    ("job", "download"): (
        "Download what a job left: ./outputs and logs, or a named output.",
        ("!name", "download_path", "all", "output_name"), "download:job",
    ),
    ("model", "download"): (
        "Download a model's files.", ("!name", "!version", "download_path", "registry_name"), "download:model",
    ),
    ("model", "package"): (
        "Package a model with its server and its software; register that as an environment.",
        ("!name", "!version", "!file", "keep_in", "registry_name"), "packaging:package",
    ),
    ("data", "preview"): ("Show the first rows of data, typed.", ("!name", "version", "label", "rows"), "data:preview"),
    ("data", "profile"): ("Show every column of data in numbers.", ("!name", "version", "label"), "data:profile"),
    ("data", "verify"): ("Hold data against its expectations.", ("!name", "version", "label"), "data:verify"),
    ("data", "import"): (
        "Have a job make a version of a data asset from a database or a bucket.",
        ("!file", "name", "version", "path", "set", "stream"), "data:import_data",
    ),
    ("data", "list-materialization-status"): (
        "List the imports that were to make versions of a data asset.",
        ("!name", "max_results", "archived_only", "include_archived"), "data:list_materialization_status",
    ),
    ("data", "create"): ("Create a version of a data asset.", (*_MAKE_ASSET, "type", "path"), "write:create"),
    ("model", "create"): ("Register a version of a model.", (*_MAKE_ASSET, "type", "path"), "write:create"),
    ("environment", "create"): (
        "Create a version of an environment.", (*_MAKE_ASSET, "image", "conda_file"), "write:create",
    ),
    ("environment", "show"): (
        "Show an environment and what this machine made of it.", ("!name", "version", "label", "registry_name"),
        "environments:show",
    ),
    ("environment", "lock"): (
        "Print the resolved lock of an environment, building it if need be.",
        ("file", "name", "version", "label", "registry_name", "job"), "environments:lock",
    ),
    ("environment", "diff"): (
        "Compare two environments package by package.", ("!from", "!to"), "environments:diff",
    ),
    ("environment", "forget"): (
        "Let an environment that could not be built be tried again.",
        ("file", "name", "version", "label", "registry_name", "job", "fingerprint"), "environments:forget",
    ),
    ("code", "create"): ("Create a version of a code asset.", (*_MAKE_ASSET, "path"), "write:create"),
    ("compute", "create"): (
        "Create a compute.", (*_MAKE, "type", "size", "min_instances", "max_instances", "no_wait"), "write:create",
    ),
    ("compute", "update"): (
        "Change a compute.", (*_EDIT, "file", "min_instances", "max_instances", "no_wait"), "write:update",
    ),
    ("schedule", "create"): (
        "Create a schedule, from a document; a file it names is read along.", (*_MAKE, "no_wait"), "schedules:create",
    ),
    ("schedule", "update"): ("Change a schedule.", (*_EDIT, "file", "no_wait"), "schedules:update"),
    ("schedule", "list"): (
        "List schedules that are enabled.", ("max_results", "include_disabled", "disabled_only"), "schedules:show_all",
    ),
    ("compute", "list"): ("List computes.", (*_LIST, "type"), "crud:show_all"),
    ("component", "create"): ("Register a version of a component.", _MAKE_ASSET, "write:create"),
    ("datastore", "check"): ("Try to open a datastore.", ("!name",), "datastores:check"),
    ("datastore", "list-secrets"): (
        "Show a datastore with its secrets, to who may know them.", ("!name",), "datastores:list_secrets",
    ),
    ("connection", "show"): ("Show a connection.", ("!name", "populate_secrets"), "sharing:connection"),
    ("workspace", "create"): ("Create a workspace.", (*_MAKE, "display_name", "location", "no_wait"), "write:create"),
    ("workspace", "update"): (
        "Change fields of a workspace.", (*_EDIT, "file", "description", "display_name", "no_wait"), "write:update",
    ),
    ("registry", "create"): ("Create a registry.", (*_MAKE, "location", "no_wait"), "write:create"),
    ("online-endpoint", "create"): (
        "Create an online endpoint.", (*_MAKE, "auth_mode", "diff", "no_wait", "page", "local"), "write:create",
    ),
    ("online-endpoint", "show"): ("Show an online endpoint.", ("!name", "page", "local"), "crud:show"),
    ("online-endpoint", "list"): ("List online endpoints.", (*_LIST, "local"), "crud:show_all"),
    ("online-endpoint", "delete"): (
        "Delete an online endpoint with its deployments.", ("!name", "yes", "no_wait", "local"), "crud:delete",
    ),
    ("online-endpoint", "update"): (
        "Change an online endpoint, its traffic above all.",
        (*_EDIT, "file", "traffic", "mirror_traffic", "diff", "no_wait", "local"), "write:update",
    ),
    ("online-deployment", "create"): (
        "Create a deployment and wait until it is ready.",
        (*_MAKE, "endpoint_name", "instance_count", "all_traffic", "diff", "skip_script_validation", "no_wait", "page",
         *_LOCAL),
        "write:create_deployment",
    ),
    ("online-deployment", "update"): (
        "Change a deployment; callers keep the old one until the new one is ready.",
        ("name", "endpoint_name", "set", "add", "remove", "file", "instance_count", "diff",
         "skip_script_validation", "no_wait", *_LOCAL),
        "write:update",
    ),
    ("online-deployment", "show"): ("Show a deployment.", (*_DEPLOYMENT, "local"), "crud:show"),
    ("online-deployment", "list"): ("List an endpoint's deployments.", ("!endpoint_name", "local"), "crud:show_all"),
    ("online-deployment", "delete"): ("Delete a deployment.", (*_DEPLOYMENT, "yes", "no_wait", "local"), "crud:delete"),
    ("batch-endpoint", "invoke"): (
        "Start a job on data; show the job.",
        ("!name", "file", "set", "deployment_name", "input", "input_type", "output_path", "mini_batch_size",
         "instance_count", "new_job_name", "experiment", "stream"),
        "batch:invoke",
    ),
    ("batch-endpoint", "list-jobs"): ("List the jobs of a batch endpoint.", ("!name", "max_results"), "batch:list_jobs"),
    ("batch-deployment", "create"): (
        "Create a deployment of a batch endpoint.",
        (*_MAKE, "endpoint_name", "set_default", "skip_validation", "skip_script_validation", "no_wait"),
        "batch:create_deployment",
    ),
    ("batch-deployment", "update"): (
        "Change a deployment; jobs that run keep what they began with.",
        ("name", "endpoint_name", "set", "add", "remove", "file", "set_default", "skip_script_validation", "no_wait"),
        "batch:update_deployment",
    ),
    ("batch-deployment", "show"): ("Show a deployment.", _DEPLOYMENT, "crud:show"),
    ("batch-deployment", "list"): ("List an endpoint's deployments.", ("!endpoint_name",), "crud:show_all"),
    ("batch-deployment", "delete"): ("Delete a deployment; its jobs go on.", (*_DEPLOYMENT, "yes", "no_wait"), "crud:delete"),
    ("batch-deployment", "list-jobs"): (
        "List the jobs of a deployment.", (*_DEPLOYMENT, "max_results"), "batch:list_jobs",
    ),
}  # fmt: skip

MACHINE: dict[str, Verb] = {
    "up": ("Start Zaffre on this machine.", ("foreground", "port", "database"), "machine:up"),
    "down": ("Stop the server; jobs and endpoints go on.", ("everything",), "machine:down"),
    "status": ("Show what runs and where it listens.", (), "machine:status"),
    "doctor": ("Check this machine and this installation.", (), "machine:doctor"),
    "azure": (
        "Point the official Azure client and az here (env), or find out why they are not (doctor).",
        ("azure_action", "shell_form"), "azure:run",
    ),
    "person": (
        "Give somebody a role (set), take it away (remove), or list who has which.", ("person_action", "name", "role"),
        "rights:person",
    ),
    "token": (
        "Make a personal token, shown once (create), list them, or revoke one.",
        ("token_action", "name", "person", "role", "days"), "rights:token",
    ),
    "quota": ("Set how many nodes a workspace may have at once, or list them.", ("quota_action", "nodes"), "rights:quota"),
    "audit": ("Show what people did, and what they were refused.", ("person", "before", "max_results"), "rights:audit"),
    "demo": ("Train, register, deploy and score on real data, step by step.", ("keep",), "demo:run"),
    "backup": ("Write databases, keys and the list of all files into one archive.", ("!archive", "files"), "saving:backup"),
    "restore": ("Fill an empty home, and an empty database, from a backup.", ("!archive", "database"), "saving:restore"),
    "logs": ("Show the server's log.", ("lines", "follow"), "machine:logs"),
    "ui": ("Open Studio in a browser, logged in.", ("no_browser",), "browser:pages"),
    "schema": (
        "Show a document's JSON Schema, or write all of them for an editor.", ("schema_name", "folder"), "editors:schema",
    ),
    "completion": ("Print what a shell needs to complete commands.", ("!shell",), "completion:script"),
    "version": ("Show the version.", (), "machine:version"),
}  # fmt: skip


def verb_of(group: str, verb: str, versioned: bool) -> Verb | None:
    """The definition that holds for a verb of a group."""
    own = OWN_VERBS.get((group, verb))
    found = own or VERBS.get(verb)
    if found is None or own is not None or not versioned:
        return found
    sentence, flags, target = found
    extra = {"show": ("version", "label", "registry_name"), "list": ("name", "registry_name"), "create": _ASSET[1:]}
    if verb == "update":
        return sentence, (*flags, "version", "label", "registry_name"), target
    return sentence, (*flags, *(flag for flag in extra.get(verb, ()) if flag not in flags)), target
