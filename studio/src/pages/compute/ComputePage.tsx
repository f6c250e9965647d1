/** One compute: what it is, its nodes with what they run, and who waits. */
import { actor } from "../../lib/format";
import { useParams } from "@tanstack/react-router";
import { Play, RotateCcw, Square } from "lucide-react";
import { BUILT_IN, type Compute, type Node, SORTS, stateOf } from "../../api/computes";
import type { Job } from "../../api/jobs";
import { useAsked, useChange, useResource, useResources } from "../../api/resources";
import { Act } from "../../kit/Act";
import { Card, Pairs } from "../../kit/Card";
import { Refusal, Refused, Skeleton } from "../../kit/Said";
import { StatusBadge } from "../../kit/StatusBadge";
import { JobLink } from "../../resources/columns";
import { DeleteButton } from "../../resources/DeleteButton";
import { CopyAs } from "../../resources/CopyAs";
import { EditTexts } from "../../resources/EditTexts";
import { KINDS, spelt } from "../../resources/kinds";
import { ResourcePage } from "../../resources/ResourcePage";
import { JobLines } from "../../resources/UsedBy";
import { useWorkspace } from "../../shell/workspace";
import { Ago } from "../jobs/columns";

export function ComputePage() {
  const ws = useWorkspace();
  const { name } = useParams({ from: "/compute/$name" });
  const found = useResource<Compute>(ws, "computes", name);
  if (found.isPending) return <Skeleton />;
  if (!found.data)
    return <Refused error={found.error ?? new Error("It cannot be shown.")} retry={() => void found.refetch()} />;
  return <Shown ws={ws} compute={found.data} />;
}

function Shown({ ws, compute }: { ws: string; compute: Compute }) {
  const { name, spec, system } = compute;
  const isBuiltIn = name === BUILT_IN;
  return (
    <ResourcePage
      list={{ to: "/compute", title: "Compute" }}
      name={name}
      badges={<StatusBadge status={stateOf(compute)} />}
      facts={[SORTS[spec.type], spec.size, <Ago key="ago" iso={system.created_at} />, actor(system.created_by)]}
      actions={
        <>
          {!isBuiltIn && <CopyAs ways={() => ({ ...spelt(KINDS.compute, spec, ws) })} />}
          {!isBuiltIn && <Verbs ws={ws} compute={compute} />}
        </>
      }
      parts={[
        { id: "overview", title: "Overview", shown: <Overview ws={ws} compute={compute} /> },
        { id: "jobs", title: "Jobs", shown: <Jobs ws={ws} name={name} /> },
      ]}
    />
  );
}

function Verbs({ ws, compute }: { ws: string; compute: Compute }) {
  const change = useChange(ws);
  const { name } = compute;
  const isStopped = compute.state.state === "Stopped";
  const call = (verb: string) => change.mutate({ method: "POST", parts: ["computes", name, verb] });
  return (
    <>
      {change.error && <Refusal error={change.error} />}
      {isStopped ? (
        <Act className="button primary" disabled={change.isPending} onClick={() => call("start")}>
          <Play size={14} aria-hidden /> Start
        </Act>
      ) : (
        <>
          <Act className="button" disabled={change.isPending} onClick={() => call("stop")}>
            <Square size={14} aria-hidden /> Stop
          </Act>
          <Act className="button" disabled={change.isPending} onClick={() => call("restart")}>
            <RotateCcw size={14} aria-hidden /> Restart
          </Act>
        </>
      )}
      <DeleteButton
        ws={ws}
        parts={["computes", name]}
        label="Delete this compute"
        title={`Delete ${name}`}
        about="Jobs that name it are refused from then on."
        typed={name}
        list={{ to: "/compute" }}
      />
    </>
  );
}

function Overview({ ws, compute }: { ws: string; compute: Compute }) {
  const { name, spec, state } = compute;
  const change = useChange(ws);
  const save = (description: string, tags: Record<string, string>) =>
    change.mutateAsync({ method: "PUT", parts: ["computes", name], body: { ...spec, description, tags } });
  return (
    <div className="beside">
      <div>
        {spec.type === "amlcompute" && <Nodes ws={ws} name={name} />}
        <Waiting ws={ws} name={name} />
      </div>
      <div>
        {name === BUILT_IN ? (
          <Card title="About">
            <p>{spec.description}</p>
          </Card>
        ) : (
          <EditTexts description={spec.description ?? ""} tags={spec.tags ?? {}} onSave={save} />
        )}
        <Card title="What it is">
          <Pairs
            of={[
              ["Sort", SORTS[spec.type]],
              ["Size", spec.size],
              ["Nodes kept ready", spec.min_instances],
              ["Nodes at most", spec.max_instances],
              ["Idle nodes go after", spec.idle_time_before_scale_down && `${spec.idle_time_before_scale_down} s`],
              [
                "Stops when idle for",
                spec.idle_time_before_shutdown_minutes && `${spec.idle_time_before_shutdown_minutes} min`,
              ],
            ]}
          />
        </Card>
        {(state.notes ?? []).length > 0 && (
          <Card title="What is different here">
            <ul className="notes">
              {state.notes?.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          </Card>
        )}
      </div>
    </div>
  );
}

function Nodes({ ws, name }: { ws: string; name: string }) {
  const found = useAsked<{ value: Node[] }>(ws, ["computes", name, "nodes"], "", { every: 3000 });
  const nodes = found.data?.value ?? [];
  return (
    <Card title="Nodes" action={<span className="quiet small number">{nodes.length}</span>}>
      {found.error && <Refusal error={found.error} />}
      {found.data && nodes.length === 0 && (
        <p className="quiet">None is up: they come with jobs, and leave when idle.</p>
      )}
      {nodes.length > 0 && (
        <table className="plain-table">
          <thead>
            <tr>
              <th>Node</th>
              <th>State</th>
              <th>Job</th>
            </tr>
          </thead>
          <tbody>
            {nodes.map((node) => (
              <tr key={node.node_id}>
                <td>
                  <code>{node.node_id}</code>
                </td>
                <td>{node.node_state}</td>
                <td>
                  {node.run_id === "other" ? "of another workspace" : node.run_id && <JobLink name={node.run_id} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

function Waiting({ ws, name }: { ws: string; name: string }) {
  const found = useResources<Job>(ws, "jobs", { filter: `compute = "${name}" and status = Queued` });
  const jobs = found.data?.pages.flatMap((page) => page.value) ?? [];
  return (
    <Card title="Queue" action={<span className="quiet small number">{jobs.length}</span>}>
      {found.error ? <Refusal error={found.error} /> : <JobLines jobs={jobs} none="No job waits for it." />}
    </Card>
  );
}

function Jobs({ ws, name }: { ws: string; name: string }) {
  const found = useResources<Job>(ws, "jobs", { filter: `compute = "${name}"` });
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  return (
    <Card>
      <JobLines jobs={found.data.pages.flatMap((page) => page.value).slice(0, 100)} none="No job has run on it." />
    </Card>
  );
}
