/** The columns of lists of jobs. */
import { Link } from "@tanstack/react-router";
import type { Job } from "../../api/jobs";
import type { Column } from "../../kit/DataTable";
import { StatusBadge } from "../../kit/StatusBadge";
import { actor, ago, duration, exact } from "../../lib/format";
import { useNow } from "../../lib/hooks";

export const JOB_COLUMNS: Column<Job>[] = [
  { id: "name", header: "Name", width: "minmax(240px, 3fr)", cell: (job) => <Name job={job} /> },
  { id: "status", header: "Status", width: "140px", cell: (job) => <StatusBadge status={job.state.status} /> },
  {
    id: "experiment",
    header: "Experiment",
    width: "minmax(110px, 1fr)",
    cell: (job) => job.state.experiment_name ?? "",
  },
  { id: "type", header: "Type", width: "96px", cell: (job) => job.spec.type ?? "" },
  { id: "created", header: "Created", width: "120px", cell: (job) => <Ago iso={job.system.created_at} /> },
  { id: "duration", header: "Duration", width: "96px", end: true, cell: (job) => <Duration job={job} /> },
  { id: "compute", header: "Compute", width: "minmax(90px, 0.7fr)", cell: (job) => job.state.compute ?? "" },
  { id: "by", header: "By", width: "120px", cell: (job) => actor(job.system.created_by) },
];

/** For children, which all have their parent's experiment: what tells them apart instead. */
export const CHILD_COLUMNS: Column<Job>[] = [
  ...JOB_COLUMNS.filter(({ id }) => id === "name" || id === "status"),
  { id: "with", header: "With", width: "minmax(220px, 3fr)", cell: (job) => <Hyperparameters job={job} /> },
  ...JOB_COLUMNS.filter(({ id }) => id === "type" || id === "created" || id === "duration"),
];

/** With a box before each row, to choose several. */
export function withBoxes(
  columns: Column<Job>[],
  picked: readonly string[],
  pick: (names: readonly string[]) => void,
): Column<Job>[] {
  const box: Column<Job> = {
    id: "picked",
    header: "",
    width: "44px",
    cell: ({ name }) => (
      <input
        type="checkbox"
        aria-label={`Choose ${name}`}
        checked={picked.includes(name)}
        onChange={() => pick(picked.includes(name) ? picked.filter((one) => one !== name) : [...picked, name])}
      />
    ),
  };
  return [box, ...columns];
}

export function Name({ job }: { job: Job }) {
  const title = job.spec.display_name;
  return (
    <span title={job.name}>
      <Link to="/jobs/$name" params={{ name: job.name }} search={(was) => ({ ws: was.ws })}>
        {title || job.name}
      </Link>
      {title && title !== job.name && <span className="quiet small"> {job.name}</span>}
    </span>
  );
}

export function Ago({ iso }: { iso: string }) {
  const now = useNow(15_000);
  return (
    <time dateTime={iso} title={exact(iso)}>
      {ago(iso, now)}
    </time>
  );
}

export function Duration({ job }: { job: Job }) {
  const { started_at: from, ended_at: to } = job.state;
  if (!from) return "–";
  return to ? duration((Date.parse(to) - Date.parse(from)) / 1000) : <Ticking from={from} />;
}

function Ticking({ from }: { from: string }) {
  return duration(Math.max(0, (useNow() - Date.parse(from)) / 1000));
}

function Hyperparameters({ job }: { job: Job }) {
  const told = job.spec.tags?.hyperparameters;
  if (!told) return "";
  return (
    <code className="small" title={told}>
      {pairs(told)}
    </code>
  );
}

function pairs(json: string): string {
  try {
    const read = JSON.parse(json) as Record<string, unknown>;
    return Object.entries(read)
      .map(([key, value]) => `${key}=${typeof value === "number" ? Number(value.toPrecision(4)) : String(value)}`)
      .join("  ");
  } catch {
    return json;
  }
}
