/** All jobs of a workspace, the newest first, as they are at this moment. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type Job, useCounts, useJobs } from "../../api/jobs";
import { flat } from "../../api/pages";
import { DataTable } from "../../kit/DataTable";
import { Empty, Refused, Skeleton } from "../../kit/Said";
import { filterOf } from "../../lib/filter";
import { useKey, useSettled } from "../../lib/hooks";
import { FIRST, useWorkspace } from "../../shell/workspace";
import { JOB_COLUMNS } from "./columns";

const STATUSES = ["Running", "Queued", "Completed", "Failed", "Canceled"] as const;

export function JobsPage() {
  const ws = useWorkspace();
  const { q, status, view } = useSearch({ from: "/jobs" });
  const go = useNavigate({ from: "/jobs" });
  const searched = filterOf(q ?? "");
  const filter = [searched, status && `status = ${status}`].filter(Boolean).join(" and ");
  const counts = useCounts(ws, { filter: searched, view: view ?? "active" }).data;
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
      </div>
      <div className="row" style={{ padding: "0 24px 12px", flexWrap: "wrap" }}>
        <SearchBox value={q ?? ""} onChange={setTyped} />
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
        <List ws={ws} filter={filter} view={view ?? "active"} />
      </div>
    </>
  );
}

function List({ ws, filter, view }: { ws: string; filter: string; view: "active" | "archived" | "all" }) {
  const go = useNavigate({ from: "/jobs" });
  const wanted = useMemo(() => ({ filter, view }), [filter, view]);
  const found = useJobs(ws, wanted);
  const jobs = useMemo(() => flat(found.data?.pages ?? []), [found.data]);
  const open = useCallback(
    (job: Job) =>
      void go({ to: "/jobs/$name", params: { name: job.name }, search: { ws: ws === FIRST ? undefined : ws } }),
    [go, ws],
  );
  const { fetchNextPage, isFetchingNextPage } = found;
  const more = useCallback(() => void (isFetchingNextPage || fetchNextPage()), [fetchNextPage, isFetchingNextPage]);
  if (found.isPending) return <Skeleton lines={10} />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  if (jobs.length === 0) return <Nothing isFiltered={filter !== "" || view !== "active"} />;
  return (
    <DataTable
      label="Jobs"
      items={jobs}
      columns={JOB_COLUMNS}
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

function SearchBox({ value, onChange }: { value: string; onChange: (typed: string) => void }) {
  const box = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value);
  const settled = useSettled(typed);
  const told = useRef(value);
  useEffect(() => {
    if (settled === told.current) return;
    told.current = settled;
    onChange(settled);
  }, [settled, onChange]);
  useEffect(() => {
    if (value === told.current) return; // what we told ourselves; else the address changed: back, forward, a link
    told.current = value;
    setTyped(value);
  }, [value]);
  useKey(
    "/",
    useCallback(() => box.current?.focus(), []),
  );
  return (
    <label className="field grow" style={{ maxWidth: 420 }}>
      <Search size={14} aria-hidden />
      <span className="visually-hidden">Search jobs</span>
      <input
        ref={box}
        type="search"
        value={typed}
        placeholder="Name, or status:failed tag:team=blue since:7d"
        onChange={(event) => setTyped(event.target.value)}
      />
      <kbd>/</kbd>
    </label>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  return (
    <Empty title={isFiltered ? "No job is like that" : "No job has been submitted here yet"}>
      <p>{isFiltered ? "Take a filter away, or search for less." : "Submit one, and watch it here:"}</p>
      {!isFiltered && <pre>zaffre job create -f job.yml</pre>}
    </Empty>
  );
}
