/** How a kind is named in the three other ways to do what a page does: the command line, Python and YAML. */
import { yaml } from "../lib/yaml";

export interface Kind {
  /** Of its routes. */
  collection: string;
  /** One of it, in a sentence. */
  one: string;
  /** The group of the command line. */
  group: string;
  /** `load_…` in Python, and where the client keeps such things. */
  load: string;
  client: string;
  begins?: boolean;
}

const kind = (collection: string, group: string, more: Partial<Kind> = {}): Kind => ({
  collection,
  group,
  one: group.replaceAll("-", " "),
  load: group.replaceAll("-", "_"),
  client: collection.replaceAll("-", "_"),
  ...more,
});

export const KINDS = {
  model: kind("models", "model"),
  data: kind("data", "data"),
  component: kind("components", "component"),
  environment: kind("environments", "environment"),
  compute: kind("computes", "compute", { client: "compute", begins: true }),
  schedule: kind("schedules", "schedule", { begins: true }),
  connection: kind("connections", "connection"),
  workspace: kind("workspaces", "workspace", { begins: true }),
  onlineEndpoint: kind("online-endpoints", "online-endpoint", { begins: true }),
  onlineDeployment: kind("deployments", "online-deployment", { client: "online_deployments", begins: true }),
  batchEndpoint: kind("batch-endpoints", "batch-endpoint", { begins: true }),
  batchDeployment: kind("deployments", "batch-deployment", { client: "batch_deployments", begins: true }),
  job: kind("jobs", "job"),
} satisfies Record<string, Kind>;

export interface Spelt {
  cli: string;
  python: string;
  yaml: string;
}

/** A document that creates something, in each of the ways. */
export function spelt(kind: Kind, document: Record<string, unknown>, ws: string): Spelt {
  const text = yaml(document);
  const where = ws === "default" ? "" : ` -w ${ws}`;
  const verb = kind.begins ? "begin_create_or_update" : "create_or_update";
  const call = `client.${kind.client}.${verb}(load_${kind.load}(StringIO(DOCUMENT)))${kind.begins ? ".result()" : ""}`;
  return {
    cli: `zaffre ${kind.group} create${where} -f /dev/stdin <<'EOF'\n${text}EOF\n`,
    python: [
      "from io import StringIO",
      "",
      `from zaffre import MLClient, load_${kind.load}`,
      "",
      `DOCUMENT = ${pythonText(text)}`,
      "",
      `client = MLClient(${ws === "default" ? "" : `workspace_name="${ws}"`})`,
      call,
      "",
    ].join("\n"),
    yaml: text,
  };
}

/** A text of several lines as Python writes it. */
export function pythonText(text: string): string {
  return `"""\\\n${text.replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"')}"""`;
}
