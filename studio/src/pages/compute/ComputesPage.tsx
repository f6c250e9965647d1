/** Where jobs run: clusters, instances, what is attached, and how much of it is in use. */
import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { type Compute, type Size, SORTS, sizeText, stateOf, type Usage } from "../../api/computes";
import { useAsked, useChange } from "../../api/resources";
import { Act } from "../../kit/Act";
import type { Column } from "../../kit/DataTable";
import { StatusBadge } from "../../kit/StatusBadge";
import { by, created, named, tags } from "../../resources/columns";
import { type Field, filled, FormDialog, numeric, type Values } from "../../resources/Form";
import { KINDS } from "../../resources/kinds";
import { ResourceList } from "../../resources/ResourceList";
import { useWorkspace } from "../../shell/workspace";

const COLUMNS: Column<Compute>[] = [
  named("/compute/$name"),
  { id: "sort", header: "Sort", width: "120px", cell: ({ spec }) => SORTS[spec.type] },
  { id: "state", header: "State", width: "130px", cell: (one) => <StatusBadge status={stateOf(one)} /> },
  { id: "nodes", header: "Nodes", width: "110px", end: true, cell: nodes },
  { id: "size", header: "Size", width: "minmax(140px, 1fr)", cell: ({ spec }) => spec.size ?? "" },
  tags(),
  created(),
  by(),
];

function nodes({ spec, state }: Compute): string {
  if (spec.type !== "amlcompute") return "";
  const most = spec.max_instances;
  return most === undefined ? String(state.current_node_count ?? 0) : `${state.current_node_count ?? 0} of ${most}`;
}

const isCluster = ({ type }: Values) => type === "amlcompute";

export function ComputesPage() {
  const ws = useWorkspace();
  const go = useNavigate();
  const [isMaking, setMaking] = useState(false);
  const usage = useAsked<{ value: Usage[] }>(ws, ["compute-usage"], "", { every: 5000 });
  const whole = usage.data?.value[0];
  const open = (name: string) => void go({ to: "/compute/$name", params: { name }, search: (was) => ({ ws: was.ws }) });
  return (
    <>
      <ResourceList<Compute>
        ws={ws}
        title="Compute"
        kind="computes"
        columns={COLUMNS}
        onOpen={({ name }) => open(name)}
        sortOf={({ spec }) => SORTS[spec.type]}
        empty={{
          title: "There is no compute here",
          about: "This machine is always one, named local. A cluster is a share of it with a queue of its own:",
          commands: "zaffre compute create --name cpus --type amlcompute --max-instances 2",
        }}
        action={
          <>
            {whole && (
              <span className="quiet small number">
                {whole.current_value} {whole.limit === null ? "nodes in use" : `of ${whole.limit} nodes in use`}
              </span>
            )}
            <Act needs="manage" className="button primary" onClick={() => setMaking(true)}>
              <Plus size={14} aria-hidden /> New compute
            </Act>
          </>
        }
      />
      {isMaking && <MakeDialog ws={ws} onMade={open} onClose={() => setMaking(false)} />}
    </>
  );
}

function MakeDialog({ ws, onMade, onClose }: { ws: string; onMade: (name: string) => void; onClose: () => void }) {
  const change = useChange(ws);
  const sizes = useAsked<{ value: Size[] }>(ws, ["compute-sizes"]);
  const fields: Field[] = [
    {
      name: "type",
      label: "Sort",
      kind: "select",
      options: [
        ["amlcompute", "Cluster: runs jobs, as many at once as it has nodes"],
        ["computeinstance", "Instance: for one person"],
      ],
    },
    { name: "name", label: "Name", isNeeded: true },
    {
      name: "size",
      label: "Size of a node",
      kind: "select",
      options: (sizes.data?.value ?? []).map((one) => [one.name, sizeText(one)] as const),
    },
    { name: "min_instances", label: "Nodes kept ready", kind: "number", fits: isCluster },
    { name: "max_instances", label: "Nodes at most", kind: "number", isNeeded: true, fits: isCluster },
    {
      name: "idle",
      label: "Seconds until an idle node goes",
      path: "idle_time_before_scale_down",
      kind: "number",
      fits: isCluster,
    },
    {
      name: "shutdown",
      label: "Minutes until it stops when idle",
      path: "idle_time_before_shutdown_minutes",
      kind: "number",
      fits: (values) => !isCluster(values),
    },
    { name: "description", label: "Description" },
  ];
  return (
    <FormDialog
      title="New compute"
      fields={fields}
      initial={{ type: "amlcompute", size: "Standard_DS3_v2", min_instances: "0", max_instances: "2", idle: "120" }}
      verb="Create"
      ws={ws}
      kind={KINDS.compute}
      toSpec={computeOf}
      send={async (spec) => {
        await change.mutateAsync({ method: "PUT", parts: ["computes", String(spec.name)], body: spec });
        onMade(String(spec.name));
      }}
      onClose={onClose}
    />
  );
}

/** The document of what was filled in. */
export function computeOf(values: Values): Record<string, unknown> {
  const { type, name, size, description } = values;
  const more = isCluster(values)
    ? {
        min_instances: numeric(values.min_instances),
        max_instances: numeric(values.max_instances),
        idle_time_before_scale_down: numeric(values.idle),
      }
    : { idle_time_before_shutdown_minutes: numeric(values.shutdown) };
  return filled({ name, type, size, ...more, description });
}
