/** Runs beside each other: in what they differ, their curves in one chart, and all of them over what they were given. */
import { useQueries } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Tabs } from "radix-ui";
import { Suspense, useMemo } from "react";
import { getJson } from "../../api/client";
import { FINAL, type Job, jobRoot, keys } from "../../api/jobs";
import { useLogged } from "../../api/runs";
import { Empty, Refused, Skeleton } from "../../kit/Said";
import { part, useBrought } from "../../lib/part";
import { useWorkspace } from "../../shell/workspace";
import { Chooser } from "./Chooser";
import { type Compared, rowsOf } from "./differing";
import { DiffTable } from "./DiffTable";
import "./compare.css";

const Curves = part(() => import("./Curves"), "Curves");
const Coordinates = part(() => import("./Coordinates"), "Coordinates");
const Scattered = part(() => import("./Scattered"), "Scattered");
const Pictures = part(() => import("./Pictures"), "Pictures");
const CodeDiff = part(() => import("./CodeDiff"), "CodeDiff");
const PARTS = [Curves, Coordinates, Scattered, Pictures, CodeDiff];
const MOST = 200;

export function ComparePage() {
  useBrought(PARTS);
  const ws = useWorkspace();
  const { ids } = useSearch({ from: "/compare" });
  const names = useMemo(() => [...new Set((ids ?? "").split(",").filter(Boolean))].slice(0, MOST), [ids]);
  return (
    <>
      <div className="title">
        <h1>Compare</h1>
        <span className="quiet number" role="status">
          {names.length} {names.length === 1 ? "job" : "jobs"}
        </span>
        <span className="grow" />
        <Chooser ws={ws} names={names} />
      </div>
      {names.length === 0 ? (
        <Empty title="Choose what to compare">
          <p>Add jobs above, or pick several in the list of jobs. The address keeps them:</p>
          <pre>/compare?ids=job-1,job-2</pre>
        </Empty>
      ) : (
        <Found ws={ws} names={names} />
      )}
    </>
  );
}

function Found({ ws, names }: { ws: string; names: string[] }) {
  const jobs = useQueries({
    queries: names.map((name) => ({
      queryKey: keys.job(ws, name),
      queryFn: () => getJson<Job>(jobRoot(ws, name)),
      staleTime: 30_000,
    })),
    combine: (found) => ({
      error: found.find(({ error }) => error)?.error,
      isPending: found.some(({ isPending }) => isPending),
      jobs: found.flatMap(({ data }) => (data ? [data] : [])),
      again: () => void Promise.all(found.map(({ refetch }) => refetch())),
    }),
  });
  const isGoingOn = jobs.jobs.some(({ state }) => !FINAL.includes(state.status));
  const logged = useLogged(ws, names, isGoingOn);
  const compared = useMemo(
    () =>
      jobs.jobs.map((job) => ({
        job,
        logged: logged.data?.find(({ name }) => name === job.name) ?? { name: job.name, metrics: {}, params: {} },
        about: aboutOf(job),
      })),
    [jobs.jobs, logged.data],
  );
  if (jobs.error) return <Refused error={jobs.error} retry={jobs.again} />;
  if (logged.isError) return <Refused error={logged.error} retry={() => void logged.refetch()} />;
  if (jobs.isPending || logged.isPending) return <Skeleton lines={10} />;
  return <Shown ws={ws} runs={compared} isGoingOn={isGoingOn} />;
}

export type Run = Compared & { job: Job };

function Shown({ ws, runs, isGoingOn }: { ws: string; runs: Run[]; isGoingOn: boolean }) {
  const { tab = "table", all } = useSearch({ from: "/compare" });
  const go = useNavigate({ from: "/compare" });
  const rows = useMemo(() => rowsOf(runs), [runs]);
  const choose = (id: string) =>
    void go({ search: (was) => ({ ...was, tab: id === "table" ? undefined : id }), replace: true });
  return (
    <Tabs.Root value={tab} onValueChange={choose} className="compare">
      <div className="row">
        <Tabs.List className="tabs grow" aria-label="Ways to compare">
          <Tabs.Trigger value="table">Differences</Tabs.Trigger>
          <Tabs.Trigger value="curves">Curves</Tabs.Trigger>
          <Tabs.Trigger value="coordinates">Parallel coordinates</Tabs.Trigger>
          <Tabs.Trigger value="scatter">Scatter</Tabs.Trigger>
          <Tabs.Trigger value="pictures">Pictures</Tabs.Trigger>
          <Tabs.Trigger value="code">Code</Tabs.Trigger>
        </Tabs.List>
        {runs.length === 2 && runs.every(({ job }) => job.spec.type === "pipeline") && (
          <Link
            className="button"
            to="/pipelines/compare"
            search={(was) => ({ ws: was.ws, a: runs[0]?.job.name, b: runs[1]?.job.name })}
          >
            Compare their graphs
          </Link>
        )}
      </div>
      <Tabs.Content value="table" className="tab-body">
        <label className="row small">
          <input
            type="checkbox"
            checked={!all}
            onChange={(event) =>
              void go({ search: (was) => ({ ...was, all: event.target.checked ? undefined : true }), replace: true })
            }
          />
          Only differences
        </label>
        <DiffTable
          runs={runs}
          rows={all ? rows : rows.filter(({ group, isDiffering }) => isDiffering && group !== "System")}
        />
      </Tabs.Content>
      <Tabs.Content value="curves" className="tab-body">
        <Suspense fallback={<Skeleton />}>
          <Curves ws={ws} runs={runs} isGoingOn={isGoingOn} />
        </Suspense>
      </Tabs.Content>
      <Tabs.Content value="coordinates" className="tab-body">
        <Suspense fallback={<Skeleton />}>
          <Coordinates runs={runs} rows={rows} />
        </Suspense>
      </Tabs.Content>
      <Tabs.Content value="scatter" className="tab-body">
        <Suspense fallback={<Skeleton />}>
          <Scattered runs={runs} rows={rows} />
        </Suspense>
      </Tabs.Content>
      <Tabs.Content value="pictures" className="tab-body">
        <Suspense fallback={<Skeleton />}>
          <Pictures ws={ws} runs={runs} />
        </Suspense>
      </Tabs.Content>
      <Tabs.Content value="code" className="tab-body grow">
        <Suspense fallback={<Skeleton />}>
          <CodeDiff ws={ws} runs={runs} />
        </Suspense>
      </Tabs.Content>
    </Tabs.Root>
  );
}

function aboutOf({ spec, state }: Job): Record<string, string | number | undefined> {
  const inputs = Object.entries(spec.inputs ?? {}).map(([key, value]) => [
    `input ${key}`,
    typeof value === "object" ? (value.path ?? JSON.stringify(value.value)) : String(value),
  ]);
  const took = state.started_at && state.ended_at ? Date.parse(state.ended_at) - Date.parse(state.started_at) : NaN;
  return {
    type: spec.type,
    experiment: state.experiment_name,
    compute: state.compute || undefined,
    code: state.code?.replace(/^azureml:/, "") || undefined,
    command: spec.command,
    ...(Object.fromEntries(inputs) as Record<string, string>),
    seconds: Number.isFinite(took) ? Number((took / 1000).toPrecision(4)) : undefined,
  };
}
