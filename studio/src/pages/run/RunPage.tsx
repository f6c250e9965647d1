/** One job: what it is, how it goes, what it left behind, and where it failed, why. */
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Tabs } from "radix-ui";
import { type ComponentType, lazy, type LazyExoticComponent, Suspense } from "react";
import { type Job, useJob } from "../../api/jobs";
import { CopyButton } from "../../kit/CopyButton";
import { Refused, Skeleton } from "../../kit/Said";
import { StatusBadge } from "../../kit/StatusBadge";
import { useWorkspace } from "../../shell/workspace";
import { Ago, Duration } from "../jobs/columns";
import { Actions } from "./Actions";
import { Overview } from "./Overview";
import "./run.css";

export interface TabProps {
  job: Job;
  ws: string;
}

type Tab = ComponentType<TabProps> | LazyExoticComponent<ComponentType<TabProps>>;

const PARENTS = ["pipeline", "sweep", "automl"];
const TABS: { id: string; title: string; Shown: Tab; fits: (job: Job) => boolean }[] = [
  { id: "overview", title: "Overview", Shown: Overview, fits: () => true },
  {
    id: "graph",
    title: "Graph",
    Shown: lazy(() => import("./Graph").then((found) => ({ default: found.Graph }))),
    fits: (job) => job.spec.type === "pipeline",
  },
  {
    id: "metrics",
    title: "Metrics",
    Shown: lazy(() => import("./Metrics").then((found) => ({ default: found.Metrics }))),
    fits: () => true,
  },
  {
    id: "images",
    title: "Images",
    Shown: lazy(() => import("./Images").then((found) => ({ default: found.Images }))),
    fits: (job) => !PARENTS.includes(job.spec.type ?? ""),
  },
  {
    id: "children",
    title: "Child jobs",
    Shown: lazy(() => import("./Children").then((found) => ({ default: found.Children }))),
    fits: (job) => PARENTS.includes(job.spec.type ?? ""),
  },
  {
    id: "outputs",
    title: "Outputs + logs",
    Shown: lazy(() => import("./Outputs").then((found) => ({ default: found.Outputs }))),
    fits: () => true,
  },
  {
    id: "code",
    title: "Code",
    Shown: lazy(() => import("./Code").then((found) => ({ default: found.Code }))),
    fits: (job) => Boolean(job.state.code),
  },
  {
    id: "lineage",
    title: "Lineage",
    Shown: lazy(() => import("./Lineage").then((found) => ({ default: found.Lineage }))),
    fits: () => true,
  },
  {
    id: "monitoring",
    title: "Monitoring",
    Shown: lazy(() => import("./Monitoring").then((found) => ({ default: found.Monitoring }))),
    fits: (job) => !PARENTS.includes(job.spec.type ?? ""),
  },
  {
    id: "events",
    title: "Events",
    Shown: lazy(() => import("./Events").then((found) => ({ default: found.Events }))),
    fits: () => true,
  },
];

export function RunPage() {
  const ws = useWorkspace();
  const { name } = useParams({ from: "/jobs/$name" });
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
  return (
    <Tabs.Root value={chosen} onValueChange={choose} style={{ display: "contents" }}>
      <div className="run-head">
        <Head job={job} ws={ws} />
        <Tabs.List className="tabs" aria-label="Parts of the job">
          {shown.map(({ id, title }) => (
            <Tabs.Trigger key={id} value={id}>
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
