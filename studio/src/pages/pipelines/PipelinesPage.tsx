/** Pipelines that have run or are running; two of them can be laid on each other. */
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { GitCompare } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { type Job, useCounts, useJobs } from "../../api/jobs";
import { flat } from "../../api/pages";
import { type Column, DataTable } from "../../kit/DataTable";
import { Empty, Refused, Skeleton } from "../../kit/Said";
import { SearchBox } from "../../kit/SearchBox";
import { filterOf } from "../../lib/filter";
import { useWorkspace } from "../../shell/workspace";
import { JOB_COLUMNS, withBoxes } from "../jobs/columns";

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
  const counts = useCounts(ws, { filter, view: view ?? "active" }).data;
  const columns = useMemo(() => {
    const [name, ...others] = JOB_COLUMNS.filter(({ id }) => SHOWN.includes(id));
    return withBoxes([...(name ? [name] : []), STEPS, ...others], picked, (names) => setPicked(names.slice(-2)));
  }, [picked]);
  const setTyped = useCallback(
    (typed: string) => void go({ search: (was) => ({ ...was, q: typed || undefined }), replace: true }),
    [go],
  );
  return (
    <>
      <div className="title">
        <h1>Pipelines</h1>
        <span className="quiet number" role="status">
          {counts && Object.values(counts).reduce<number>((sum, count) => sum + (count ?? 0), 0)}
        </span>
        <span className="grow" />
        <CompareTwo picked={picked} />
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
        <List ws={ws} filter={filter} view={view ?? "active"} columns={columns} isFiltered={Boolean(q ?? view)} />
      </div>
    </>
  );
}

const nameOf = (job: Job) => job.name;

function CompareTwo({ picked: [a, b] }: { picked: readonly string[] }) {
  if (!a || !b) {
    return (
      <button className="button" disabled title="Choose two pipelines">
        <GitCompare size={14} aria-hidden /> Compare two
      </button>
    );
  }
  return (
    <Link className="button primary" to="/pipelines/compare" search={(was) => ({ ws: was.ws, a: b, b: a })}>
      <GitCompare size={14} aria-hidden /> Compare their graphs
    </Link>
  );
}

interface ListProps {
  ws: string;
  filter: string;
  view: "active" | "archived";
  columns: Column<Job>[];
  isFiltered: boolean;
}

function List({ ws, filter, view, columns, isFiltered }: ListProps) {
  const go = useNavigate({ from: "/pipelines" });
  const wanted = useMemo(() => ({ filter, view }), [filter, view]);
  const found = useJobs(ws, wanted);
  const jobs = useMemo(() => flat(found.data?.pages ?? []), [found.data]);
  const open = useCallback(
    (job: Job) =>
      void go({ to: "/jobs/$name", params: { name: job.name }, search: (was) => ({ ws: was.ws, tab: "graph" }) }),
    [go],
  );
  const { fetchNextPage, isFetchingNextPage } = found;
  const more = useCallback(() => void (isFetchingNextPage || fetchNextPage()), [fetchNextPage, isFetchingNextPage]);
  if (found.isPending) return <Skeleton lines={10} />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  if (jobs.length === 0) {
    return (
      <Empty title={isFiltered ? "No pipeline is like that" : "No pipeline has run here yet"}>
        <p>{isFiltered ? "Take a filter away, or search for less." : "Submit one, and see its graph here:"}</p>
        {!isFiltered && <pre>zaffre job create -f pipeline.yml</pre>}
      </Empty>
    );
  }
  return (
    <DataTable
      label="Pipelines"
      items={jobs}
      columns={columns}
      idOf={nameOf}
      onOpen={open}
      onNearEnd={more}
      hasMore={found.hasNextPage}
    />
  );
}
