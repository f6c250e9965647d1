/** How many replicas a deployment has: a number, or as many as the load needs. */
import type { Deployment, ScaleSettings } from "../../api/endpoints";
import { useChange } from "../../api/resources";
import { type Field, filled, FormDialog, numeric, type Values } from "../../resources/Form";
import { KINDS } from "../../resources/kinds";

const isAuto = ({ how }: Values) => how === "target_utilization";
const FIELDS: readonly Field[] = [
  {
    name: "how",
    label: "Replicas",
    kind: "select",
    options: [
      ["default", "a fixed number"],
      ["target_utilization", "as many as the load needs"],
    ],
  },
  { name: "instance_count", label: "How many", kind: "number", isNeeded: true, fits: (values) => !isAuto(values) },
  {
    name: "min",
    label: "At least",
    path: "scale_settings.min_instances",
    kind: "number",
    isNeeded: true,
    fits: isAuto,
    hint: "0: none runs while nobody asks; the next request waits for one.",
  },
  { name: "max", label: "At most", path: "scale_settings.max_instances", kind: "number", isNeeded: true, fits: isAuto },
  {
    name: "measure",
    label: "One replica should carry",
    kind: "select",
    options: [
      ["concurrency", "so many requests at once"],
      ["requests_per_second", "so many requests a second"],
      ["cpu_percent", "so much of a processor, in percent"],
    ],
    fits: isAuto,
  },
  { name: "target", label: "Namely", kind: "number", isNeeded: true, fits: isAuto },
  {
    name: "cool_down",
    label: "Seconds before there are fewer",
    path: "scale_settings.cool_down",
    kind: "number",
    fits: isAuto,
  },
];

export function ScaleDialog({ ws, deployment, onClose }: { ws: string; deployment: Deployment; onClose: () => void }) {
  const { name, parent, spec } = deployment;
  const change = useChange(ws);
  return (
    <FormDialog
      title={`Replicas of ${name}`}
      fields={FIELDS}
      initial={valuesOf(spec.scale_settings, spec.instance_count)}
      verb="Save"
      ws={ws}
      kind={KINDS.onlineDeployment}
      toSpec={(values) => ({ ...spec, ...scaleOf(values) })}
      send={(body) =>
        change.mutateAsync({ method: "PUT", parts: ["online-endpoints", parent, "deployments", name], body })
      }
      onClose={onClose}
    />
  );
}

function valuesOf(scale: Partial<ScaleSettings> = {}, count: number | undefined): Values {
  const { type = "default", min_instances = 1, max_instances = 3, cool_down = "", target = {} } = scale;
  const [measure, most] = Object.entries(target)[0] ?? ["concurrency", 1];
  return {
    how: type,
    instance_count: String(count ?? 1),
    min: String(min_instances),
    max: String(max_instances),
    measure,
    target: String(most),
    cool_down: String(cool_down),
  };
}

/** What changes in the deployment's document. */
export function scaleOf(values: Values): Record<string, unknown> {
  if (!isAuto(values)) return { instance_count: numeric(values.instance_count), scale_settings: { type: "default" } };
  return {
    scale_settings: filled({
      type: "target_utilization",
      min_instances: numeric(values.min),
      max_instances: numeric(values.max),
      cool_down: numeric(values.cool_down),
      target: { [values.measure ?? "concurrency"]: numeric(values.target) },
    }),
  };
}
