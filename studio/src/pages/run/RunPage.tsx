/** One job: what it is, how it goes, what it left behind, and where it failed, why. */
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Tabs } from "radix-ui";
import { useQueryClient } from "@tanstack/react-query";
import { Suspense } from "react";
import { filesOf, type Job, useJob } from "../../api/jobs";
import { askMetrics } from "../../api/tracked";
import { CopyButton } from "../../kit/CopyButton";
import { Refused, Skeleton } from "../../kit/Said";
import { StatusBadge } from "../../kit/StatusBadge";
import { bring, part, type Part, useBrought } from "../../lib/part";
import { useWorkspace } from "../../shell/workspace";
import { Ago, Duration } from "../jobs/columns";
import { Actions } from "./Actions";
import { Overview } from "./Overview";
import "./run.css";

export interface TabProps {
  job: Job;
  ws: string;
}

const PARENTS = ["pipeline", "sweep", "automl"];
const TABS: { id: string; title: string; Shown: Part<TabProps>; fits: (job: Job) => boolean }[] = [
  { id: "overview", title: "Overview", Shown: Overview, fits: () => true },
  {
    id: "graph",
    title: "Graph",
    Shown: part(() => import("./Graph"), "Graph"),
    fits: (job) => job.spec.type === "pipeline",
  },
  {
    id: "metrics",
    title: "Metrics",
    Shown: part(() => import("./Metrics"), "Metrics"),
    fits: () => true,
  },
  {
    id: "images",
    title: "Images",
    Shown: part(() => import("./Images"), "Images"),
    fits: (job) => !PARENTS.includes(job.spec.type ?? ""),
  },
  {
    id: "children",
    title: "Child jobs",
    Shown: part(() => import("./Children"), "Children"),
    fits: (job) => PARENTS.includes(job.spec.type ?? ""),
  },
  {
    id: "outputs",
    title: "Outputs + logs",
    Shown: part(() => import("./Outputs"), "Outputs"),
    fits: () => true,
  },
  {
    id: "code",
    title: "Code",
    Shown: part(() => import("./Code"), "Code"),
    fits: (job) => Boolean(job.state.code),
  },
  {
    id: "lineage",
    title: "Lineage",
    Shown: part(() => import("./Lineage"), "Lineage"),
    fits: () => true,
  },
  {
    id: "monitoring",
    title: "Monitoring",
    Shown: part(() => import("./Monitoring"), "Monitoring"),
    fits: (job) => !PARENTS.includes(job.spec.type ?? ""),
  },
  {
    id: "events",
    title: "Events",
    Shown: part(() => import("./Events"), "Events"),
    fits: () => true,
  },
];

const PARTS = TABS.map(({ Shown }) => Shown);

export function RunPage() {
  const ws = useWorkspace();
  const { name } = useParams({ from: "/jobs/$name" });
  const { tab } = useSearch({ from: "/jobs/$name" });
  useBrought(PARTS, TABS.find(({ id }) => id === tab)?.Shown);
  const found = useJob(ws, name);
  if (found.isPending) return <Skeleton />;
  if (!found.data)
    return <Refused error={found.error ?? new Error("The job cannot be shown.")} retry={() => void found.refetch()} />;
  return <Run key={name} job={found.data} ws={ws} />;
}

function Run({ job, ws }: TabProps) {
  const { tab } = useSearch({ from: "/jobs/$name" });
  const go = useNavigate({ from: "/jobs/$name" });
  const shown = TABS.filter(({ fits }) => fits(job));
  const chosen = shown.find(({ id }) => id === tab)?.id ?? "overview";
  const choose = (id: string) =>
    void go({ search: (was) => ({ ws: was.ws, tab: id === "overview" ? undefined : id }), replace: true });
  const client = useQueryClient();
  const ahead = (id: string, Shown: Part<TabProps>) => {
    bring(Shown);
    if (id === "metrics") void askMetrics(client, ws, job.name);
    if (id === "outputs") void client.prefetchQuery(filesOf(ws, job.name));
  };
  return (
    <Tabs.Root value={chosen} onValueChange={choose} style={{ display: "contents" }}>
      <div className="run-head">
        <Head job={job} ws={ws} />
        <Tabs.List className="tabs" aria-label="Parts of the job">
          {shown.map(({ id, title, Shown }) => (
            <Tabs.Trigger key={id} value={id} onPointerEnter={() => ahead(id, Shown)}>
              {title}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
      </div>
      <div className="run-body">
        {shown.map(({ id, Shown }) => (
          <Tabs.Content key={id} value={id} className="tab" style={id === chosen ? undefined : { display: "none" }}>
            <Suspense fallback={<Skeleton />}>
              <Shown job={job} ws={ws} />
            </Suspense>
          </Tabs.Content>
        ))}
      </div>
    </Tabs.Root>
  );
}

function Head({ job, ws }: TabProps) {
  const title = job.spec.display_name || job.name;
  return (
    <>
      <div className="crumb quiet">
        <Link to="/jobs" search={(was) => ({ ws: was.ws })}>
          Jobs
        </Link>
        {job.state.experiment_name && <> / {job.state.experiment_name}</>}
      </div>
      <div className="row">
        <h1 className="ellipsis" title={title}>
          {title}
        </h1>
        <StatusBadge status={job.state.status} />
        <span className="grow" />
        <Actions job={job} ws={ws} />
      </div>
      <div className="facts">
        <span className="row" style={{ gap: 0 }}>
          <code>{job.name}</code>
          <CopyButton text={job.name} />
        </span>
        <span className="row">{job.spec.type}</span>
        <span className="row">
          <Ago iso={job.system.created_at} />
        </span>
        <span className="row number">
          <Duration job={job} />
        </span>
        {job.state.compute && <span className="row">{job.state.compute}</span>}
      </div>
    </>
  );
}
