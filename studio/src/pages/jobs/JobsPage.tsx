/** All jobs of a workspace, the newest first, as they are at this moment. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { type Job, useCounts, useJobs } from "../../api/jobs";
import { flat } from "../../api/pages";
import { DataTable } from "../../kit/DataTable";
import { Empty, Refused, Skeleton } from "../../kit/Said";
import { SearchBox } from "../../kit/SearchBox";
import { filterOf } from "../../lib/filter";
import { FIRST, useWorkspace } from "../../shell/workspace";
import { Chosen } from "./Chosen";
import { JOB_COLUMNS, withBoxes } from "./columns";

const STATUSES = ["Running", "Queued", "Completed", "Failed", "Canceled"] as const;

export function JobsPage() {
  const ws = useWorkspace();
  const { q, status, view } = useSearch({ from: "/jobs" });
  const go = useNavigate({ from: "/jobs" });
  const searched = filterOf(q ?? "");
  const filter = [searched, status && `status = ${status}`].filter(Boolean).join(" and ");
  const counts = useCounts(ws, { filter: searched, view: view ?? "active" }).data;
  const [picked, setPicked] = useState<readonly string[]>([]);
  const setTyped = useCallback(
    (typed: string) => void go({ search: (was) => ({ ...was, q: typed || undefined }), replace: true }),
    [go],
  );
  return (
    <>
      <div className="title">
        <h1>Jobs</h1>
        <span className="quiet number" role="status">
          {counts && total(counts, status)}
        </span>
        <span className="grow" />
        <Chosen ws={ws} names={picked} isArchived={view === "archived"} onDone={() => setPicked([])} />
      </div>
      <div className="row" style={{ padding: "0 24px 12px", flexWrap: "wrap" }}>
        <SearchBox
          label="Search jobs"
          value={q ?? ""}
          placeholder="Name, or status:failed tag:team=blue since:7d"
          onChange={setTyped}
        />
        {STATUSES.map((word) => (
          <button
            key={word}
            className="chip"
            aria-pressed={status === word}
            onClick={() => void go({ search: (was) => ({ ...was, status: status === word ? undefined : word }) })}
          >
            {word} <span className="number">{counts?.[word] ?? ""}</span>
          </button>
        ))}
        <button
          className="chip"
          aria-pressed={view === "archived"}
          onClick={() => void go({ search: (was) => ({ ...was, view: view === "archived" ? undefined : "archived" }) })}
        >
          Archived
        </button>
      </div>
      <div className="card grow" style={{ display: "flex", margin: "0 24px 24px", minHeight: 240, overflow: "hidden" }}>
        <List ws={ws} filter={filter} view={view ?? "active"} picked={picked} onPick={setPicked} />
      </div>
    </>
  );
}

interface ListProps {
  ws: string;
  filter: string;
  view: "active" | "archived" | "all";
  picked: readonly string[];
  onPick: (names: readonly string[]) => void;
}

function List({ ws, filter, view, picked, onPick }: ListProps) {
  const go = useNavigate({ from: "/jobs" });
  const wanted = useMemo(() => ({ filter, view }), [filter, view]);
  const found = useJobs(ws, wanted);
  const jobs = useMemo(() => flat(found.data?.pages ?? []), [found.data]);
  const open = useCallback(
    (job: Job) =>
      void go({ to: "/jobs/$name", params: { name: job.name }, search: { ws: ws === FIRST ? undefined : ws } }),
    [go, ws],
  );
  const columns = useMemo(() => withBoxes(JOB_COLUMNS, picked, onPick), [picked, onPick]);
  const { fetchNextPage, isFetchingNextPage } = found;
  const more = useCallback(() => void (isFetchingNextPage || fetchNextPage()), [fetchNextPage, isFetchingNextPage]);
  if (found.isPending) return <Skeleton lines={10} />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  if (jobs.length === 0) return <Nothing isFiltered={filter !== "" || view !== "active"} />;
  return (
    <DataTable
      label="Jobs"
      items={jobs}
      columns={columns}
      idOf={nameOf}
      onOpen={open}
      onNearEnd={more}
      hasMore={found.hasNextPage}
    />
  );
}

const nameOf = (job: Job) => job.name;

function total(counts: Record<string, number | undefined>, status: string | undefined): number {
  return status ? (counts[status] ?? 0) : Object.values(counts).reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  return (
    <Empty title={isFiltered ? "No job is like that" : "No job has been submitted here yet"}>
      <p>{isFiltered ? "Take a filter away, or search for less." : "Submit one, and watch it here:"}</p>
      {!isFiltered && <pre>zaffre job create -f job.yml</pre>}
    </Empty>
  );
}
