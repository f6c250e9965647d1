/** What somebody wants to see first: where to begin, what runs, what failed, what there is. */
import { useMemo } from "react";
import { useJobs } from "../../api/jobs";
import { flat } from "../../api/pages";
import { useWorkspace } from "../../shell/workspace";
import { Refused, Skeleton } from "../../kit/Said";
import { Assets } from "./Assets";
import { Checklist } from "./Checklist";
import "./home.css";
import { Begin } from "./Begin";
import { JobLines, Running } from "./JobLines";
import { Use } from "./Use";

const RECENT = 8;
const MOST_FAILED = 5;
const MOST_RUNNING = 6;
const ALL = { filter: "" };
const RUNNING = { filter: "status = Running" };
const FAILED = { filter: "status = Failed and created > 24h" };

export function HomePage() {
  const ws = useWorkspace();
  const recent = useJobs(ws, ALL);
  const running = useJobs(ws, RUNNING);
  const failed = useJobs(ws, FAILED);
  const jobs = useMemo(() => flat(recent.data?.pages ?? []), [recent.data]);
  const broken = flat(failed.data?.pages ?? []);
  const goingOn = flat(running.data?.pages ?? []);
  if (recent.isPending) return <Skeleton lines={10} />;
  if (recent.isError && !recent.data) return <Refused error={recent.error} retry={() => void recent.refetch()} />;
  return (
    <div className="home">
      <h1 className="visually-hidden">Home</h1>
      <Begin ws={ws} isEmpty={jobs.length === 0} />
      <div className="home-columns">
        <div>
          <Running jobs={goingOn.slice(0, MOST_RUNNING)} total={goingOn.length} ws={ws} />
          {broken.length > 0 && (
            <JobLines
              title="Failed in the last 24 hours"
              jobs={broken.slice(0, MOST_FAILED)}
              more={{ status: "Failed", q: "since:24h" }}
              hasReason
            />
          )}
          <JobLines title="Recent jobs" jobs={jobs.slice(0, RECENT)} more={{}} />
        </div>
        <div>
          <Checklist ws={ws} hasJob={jobs.some(({ state }) => state.status === "Completed")} />
          <Use ws={ws} />
          <Assets ws={ws} kind="models" title="Recent models" one="/models/$name" all="/models" />
          <Assets ws={ws} kind="online-endpoints" title="Endpoints" one="/endpoints/$name" all="/endpoints" />
        </div>
      </div>
    </div>
  );
}
