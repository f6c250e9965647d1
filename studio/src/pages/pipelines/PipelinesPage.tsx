/** Pipelines that have run or are running; two of them can be laid on each other. */
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { GitCompare } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { type Job, useJobs } from "../../api/jobs";
import { flat } from "../../api/pages";
import { type Column, DataTable } from "../../kit/DataTable";
import { Empty, Refused, Skeleton } from "../../kit/Said";
import { SearchBox } from "../../kit/SearchBox";
import { filterOf } from "../../lib/filter";
import { useWorkspace } from "../../shell/workspace";
import { JOB_COLUMNS } from "../jobs/columns";

const STEPS: Column<Job> = {
  id: "steps",
  header: "Steps",
  width: "80px",
  end: true,
  cell: ({ spec }) => Object.keys(spec.jobs ?? {}).length || "",
};
const SHOWN = ["name", "status", "experiment", "created", "duration", "by"];

export function PipelinesPage() {
  const ws = useWorkspace();
  const { q, view } = useSearch({ from: "/pipelines" });
  const go = useNavigate({ from: "/pipelines" });
  const [picked, setPicked] = useState<readonly string[]>([]);
  const filter = ["type = pipeline", filterOf(q ?? "")].filter(Boolean).join(" and ");
  const wanted = useMemo(() => ({ filter, view: view ?? ("active" as const) }), [filter, view]);
  const found = useJobs(ws, wanted);
  const jobs = useMemo(() => flat(found.data?.pages ?? []), [found.data]);
  const open = useCallback(
    (job: Job) =>
      void go({ to: "/jobs/$name", params: { name: job.name }, search: (was) => ({ ws: was.ws, tab: "graph" }) }),
    [go],
  );
  const columns = useMemo(() => {
    const [name, ...others] = JOB_COLUMNS.filter(({ id }) => SHOWN.includes(id));
    return [box(picked, setPicked), ...(name ? [name] : []), STEPS, ...others];
  }, [picked]);
  const setTyped = useCallback(
    (typed: string) => void go({ search: (was) => ({ ...was, q: typed || undefined }), replace: true }),
    [go],
  );
  const { fetchNextPage, isFetchingNextPage } = found;
  const more = useCallback(() => void (isFetchingNextPage || fetchNextPage()), [fetchNextPage, isFetchingNextPage]);
  const [a, b] = picked;
  return (
    <>
      <div className="title">
        <h1>Pipelines</h1>
        <span className="quiet number" role="status">
          {found.data && `${jobs.length}${found.hasNextPage ? "+" : ""}`}
        </span>
        <span className="grow" />
        {a && b ? (
          <Link className="button primary" to="/pipelines/compare" search={(was) => ({ ws: was.ws, a: b, b: a })}>
            <GitCompare size={14} aria-hidden /> Compare their graphs
          </Link>
        ) : (
          <button className="button" disabled title="Choose two pipelines">
            <GitCompare size={14} aria-hidden /> Compare two
          </button>
        )}
      </div>
      <div className="row filters">
        <SearchBox
          label="Search pipelines"
          value={q ?? ""}
          placeholder="Name, or status:failed experiment:cars"
          onChange={setTyped}
        />
        <button
          className="chip"
          aria-pressed={view === "archived"}
          onClick={() => void go({ search: (was) => ({ ...was, view: view ? undefined : "archived" }) })}
        >
          Archived
        </button>
      </div>
      <div className="card grow listed">
        {found.isPending ? (
          <Skeleton lines={10} />
        ) : found.isError ? (
          <Refused error={found.error} retry={() => void found.refetch()} />
        ) : jobs.length === 0 ? (
          <Empty title={q || view ? "No pipeline is like that" : "No pipeline has run here yet"}>
            <p>{q || view ? "Take a filter away, or search for less." : "Submit one, and see its graph here:"}</p>
            {!q && !view && <pre>zaffre job create -f pipeline.yml</pre>}
          </Empty>
        ) : (
          <DataTable
            label="Pipelines"
            items={jobs}
            columns={columns}
            idOf={nameOf}
            onOpen={open}
            onNearEnd={more}
            hasMore={found.hasNextPage}
          />
        )}
      </div>
    </>
  );
}

const nameOf = (job: Job) => job.name;

function box(picked: readonly string[], pick: (names: readonly string[]) => void): Column<Job> {
  return {
    id: "picked",
    header: "",
    width: "40px",
    cell: ({ name }) => (
      <input
        type="checkbox"
        aria-label={`Choose ${name}`}
        checked={picked.includes(name)}
        onChange={() =>
          pick(picked.includes(name) ? picked.filter((one) => one !== name) : [...picked, name].slice(-2))
        }
      />
    ),
  };
}
