"""Every flag of the command line, once: spellings, help, what argparse must know. Plain data: help needs no more."""

from __future__ import annotations

from typing import Any

Flag = tuple[tuple[str, ...], str, dict[str, Any]]
"""(spellings, help, further arguments of ``add_argument``)."""

_SWITCH: dict[str, Any] = {"action": "store_true"}
_PAIRS: dict[str, Any] = {"nargs": "+", "action": "extend", "metavar": "KEY=VALUE", "default": []}

OUTPUTS = ("json", "jsonc", "yaml", "yamlc", "table", "tsv", "none")

FLAGS: dict[str, Flag] = {
    # every command
    "output": (("-o", "--output"), "How the answer is written.", {"choices": OUTPUTS}),
    "query": (("--query",), "JMESPath expression that picks from the answer.", {"metavar": "JMESPATH"}),
    "workspace": (("-w", "--workspace-name"), "Workspace; ZAFFRE_WORKSPACE, else 'default'.", {}),
    "resource_group": (("-g", "--resource-group"), "Accepted as az ml has it; workspace names are unique here.", {}),
    "subscription": (("--subscription",), "Accepted as az ml has it; workspace names are unique here.", {}),
    "debug": (("--debug",), "Show the traceback of an error.", _SWITCH),
    "verbose": (("--verbose",), "Accepted as az ml has it.", _SWITCH),
    "only_show_errors": (("--only-show-errors",), "No progress, no notes: errors only.", _SWITCH),
    # what is meant
    "file": (("-f", "--file"), "YAML document of it.", {"metavar": "PATH"}),
    "name": (("-n", "--name"), "Name.", {}),
    "version": (("-v", "--version"), "Version; without it the server takes the next, or shows the latest.", {}),
    "label": (("-l", "--label"), "Label instead of a version, e.g. latest.", {}),
    "registry_name": (("--registry-name",), "Registry instead of the workspace.", {}),
    "endpoint_name": (("-e", "--endpoint-name"), "Endpoint it belongs to.", {}),
    "job": (("--job",), "Job whose environment is meant.", {"metavar": "NAME"}),
    "fingerprint": (("--fingerprint",), "Fingerprint, as messages name it.", {}),
    "from": (("--from",), "Environment to compare: NAME:VERSION, job:NAME, azureml://… or a YAML file.", {}),
    "to": (("--to",), "Environment to compare it with, named likewise.", {}),
    # how it is changed
    "set": (("--set",), "Set a field: a.b=value. Several values, and several times.", _PAIRS),
    "add": (("--add",), "Append to a list: a.b=value.", _PAIRS),
    "remove": (("--remove",), "Remove a field: a.b.", {**_PAIRS, "metavar": "KEY"}),
    "description": (("--description",), "Description.", {}),
    "display_name": (("--display-name",), "Name shown to people.", {}),
    "tags": (("--tags",), "Tags: key=value, several.", _PAIRS),
    "type": (("-t", "--type"), "Type.", {}),
    "path": (("-p", "--path"), "Local path, or URI, of the content.", {}),
    "image": (("-i", "--image"), "Container image.", {}),
    "conda_file": (("-c", "--conda-file"), "Conda file.", {"metavar": "PATH"}),
    "size": (("-s", "--size"), "Size of a node.", {}),
    "resource_id": (("--resource-id",), "Resource id of what is attached.", {}),
    "namespace": (("--namespace",), "Kubernetes namespace.", {}),
    "min_instances": (("--min-instances",), "Fewest nodes.", {"type": int}),
    "max_instances": (("--max-instances",), "Most nodes.", {"type": int}),
    "location": (("-l", "--location"), "Location; 'local' here.", {}),
    "auth_mode": (("--auth-mode",), "key or aml_token.", {}),
    "traffic": (("-r", "--traffic"), 'Shares: "blue=90 green=10".', {}),
    "mirror_traffic": (("--mirror-traffic",), 'Share copied to a deployment: "green=10".', {}),
    "instance_count": (("-c", "--instance-count"), "Replicas.", {"type": int}),
    "all_traffic": (("--all-traffic",), "When it is ready, send it all traffic of the endpoint.", _SWITCH),
    # how it is done
    "stream": (("-s", "--stream"), "Show the log until the job ends; exit code 0 only if it completed.", _SWITCH),
    "web": (("-e", "--web"), "Open the job's page in a browser.", _SWITCH),
    "page": (("--web",), "Open its page in a browser, where there is one.", _SWITCH),
    "save_as": (("-a", "--save-as"), "Write the job's document to this file.", {"metavar": "PATH"}),
    "skip_validation": (("--skip-validation",), "Accepted as az ml has it; the server checks every document.", _SWITCH),
    "no_wait": (("--no-wait",), "Do not wait until it is done.", _SWITCH),
    "yes": (("-y", "--yes"), "Do not ask.", _SWITCH),
    "source": (("--from",), "What is copied: azureml://registries/R/COLLECTION/N/versions/V, or a resource id.", {}),
    "share_with_name": (("--share-with-name",), "Name in the registry; the same where it is not given.", {}),
    "share_with_version": (("--share-with-version",), "Version in the registry; the same where it is not given.", {}),
    "populate_secrets": (("--populate-secrets",), "Show what is secret too.", _SWITCH),
    "new_name": (("--new-name",), "Name of the new job.", {"metavar": "NAME"}),
    "step": (("--step",), "Step of the pipeline; outer/inner for one within another.", {}),
    "reject": (("--reject",), "Say no: the step fails.", _SWITCH),
    "comment": (("--comment",), "What is said along, kept with the decision.", {}),
    "open_shell": (("--shell",), "Open a shell there instead of running the command.", _SWITCH),
    "job_name": (("NAME",), "Name of the job.", {"nargs": "?"}),
    # lists
    "rows": (("--rows",), "Rows to show.", {"type": int, "default": 20}),
    "max_results": (("-r", "--max-results"), "At most this many.", {"type": int}),
    "all_results": (("--all-results",), "As many as there are.", {"nargs": "?", "const": "true"}),
    "archived_only": (("--archived-only",), "Archived ones only.", _SWITCH),
    "include_archived": (("--include-archived",), "Archived ones too.", _SWITCH),
    "tag": (("--tag",), "Only with this tag: KEY or KEY=VALUE; several times.", {"action": "append", "default": []}),
    "filter": (("--filter",), 'Only what fits: "status = Failed and tags.team = blue and created > 7d".', {}),
    "status": (("--status",), "Only with this status.", {}),
    "experiment_name": (("--experiment-name",), "Only of this experiment.", {}),
    "created_after": (("--created-after",), "Only newer than a date (2026-01-31) or an age (7d, 12h).", {}),
    "schedule": (("--schedule",), "Only what this schedule started.", {"metavar": "NAME"}),
    "disabled_only": (("--disabled-only",), "Disabled ones only.", _SWITCH),
    "include_disabled": (("--include-disabled",), "Disabled ones too.", _SWITCH),
    "search": (("--search",), "Only with this text in name, display name or description.", {}),
    "parent_job_name": (("-p", "--parent-job-name"), "Children of this job.", {}),
    # downloads, scoring, logs
    "keep_in": (("-p", "--download-path"), "New folder in which the package stays, too.", {"metavar": "PATH"}),
    "download_path": (("-p", "--download-path"), "Folder to write into.", {"metavar": "PATH", "default": "."}),
    "everything": (("--all",), "Cancel the jobs and end the endpoints' processes too.", _SWITCH),
    "all": (("--all",), "Everything: logs, artifacts and every output.", _SWITCH),
    "output_name": (("--output-name",), "This output only.", {}),
    "request_file": (("-r", "--request-file"), "JSON file to send.", {"metavar": "PATH"}),
    "deployment_name": (("-d", "--deployment-name"), "This deployment, whatever the traffic rules say.", {}),
    "key_type": (("--key-type",), "Which key.", {"choices": ("primary", "secondary"), "default": "primary"}),
    "lines": (("-l", "--lines"), "Last lines.", {"type": int, "default": 100}),
    "follow": (("--follow",), "Go on as lines are written.", _SWITCH),
    # the machine
    "foreground": (("--foreground",), "Run the server here, in this terminal.", _SWITCH),
    "port": (("--port",), "Port of the API, at the first start only: running jobs hold its address.", {"type": int}),
    "database": (("--database",), "PostgreSQL to use from now on: postgresql://user@host/name.", {"metavar": "URL"}),
    "archive": (("-f", "--file"), "The archive.", {"metavar": "PATH"}),
    "files": (("--files",), "Put the files of datastores and code in too; without, they are listed.", _SWITCH),
    "no_browser": (("--no-browser",), "Print the link only.", _SWITCH),
    "schema_name": (("NAME",), "Name of a schema: commandJob, data, …", {"nargs": "?"}),
    "folder": (("--folder",), "Folder to write into.", {"metavar": "PATH"}),
    "shell": (("SHELL",), "bash, zsh or fish.", {"choices": ("bash", "zsh", "fish")}),
    "azure_action": (("WHAT",), "env prints what a shell evaluates; doctor checks it.", {"choices": ("env", "doctor")}),
    "shell_form": (
        ("--shell",),
        "For which shell.",
        {"choices": ("sh", "fish", "powershell", "json"), "default": "sh"},
    ),
    "keep": (("--keep",), "Leave what the demo made.", _SWITCH),
}

EVERYWHERE = (
    "output", "query", "workspace", "resource_group", "subscription", "debug", "verbose", "only_show_errors",
)  # fmt: skip
