/** Jobs in a few lines: what runs and how far it is, what failed and why, what was last. */
import { Link } from "@tanstack/react-router";
import type { Job } from "../../api/jobs";
import { useWhy } from "../../api/why";
import { Card } from "../../kit/Card";
import { StatusBadge } from "../../kit/StatusBadge";
import { Ago, Duration, Name } from "../jobs/columns";
import { progressOf } from "./progress";

interface LinesProps {
  title: string;
  jobs: Job[];
  more: { status?: string; q?: string };
  hasReason?: boolean;
}

export function JobLines({ title, jobs, more, hasReason }: LinesProps) {
  if (jobs.length === 0) return null;
  const all = (
    <Link to="/jobs" search={(was) => ({ ws: was.ws, ...more })} className="small">
      All
    </Link>
  );
  return (
    <Card title={title} action={all}>
      <ul className="lines">
        {jobs.map((job) => (
          <li key={job.name}>
            <span className="grow ellipsis">
              <Name job={job} />
              {hasReason && <span className="quiet small reason">{job.state.reason?.message}</span>}
            </span>
            {!hasReason && <StatusBadge status={job.state.status} />}
            <span className="quiet small number when">
              <Ago iso={job.system.created_at} />
            </span>
            <span className="quiet small number took">
              <Duration job={job} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function Running({ jobs, total, ws }: { jobs: Job[]; total: number; ws: string }) {
  return (
    <Card title={total > jobs.length ? `Running now: ${total}` : "Running now"}>
      {jobs.length === 0 ? (
        <p className="quiet small">Nothing runs.</p>
      ) : (
        <ul className="lines">
          {jobs.map((job) => (
            <RunningLine key={job.name} job={job} ws={ws} />
          ))}
        </ul>
      )}
    </Card>
  );
}

const EVERY_MS = 3000;

function RunningLine({ job, ws }: { job: Job; ws: string }) {
  const isPipeline = job.spec.type === "pipeline";
  const { data } = useWhy(ws, job.name, EVERY_MS, isPipeline);
  const { done, of, word } = progressOf(job, data);
  return (
    <li>
      <span className="grow ellipsis">
        <Name job={job} />
      </span>
      <span className="quiet small">{word}</span>
      <span
        className={`progress${of ? "" : " unknown"}`}
        role="progressbar"
        aria-label={`Progress of ${job.name}`}
        aria-valuemin={0}
        aria-valuemax={of || 1}
        aria-valuenow={of ? done : undefined}
      >
        <i style={of ? { width: `${(100 * done) / of}%` } : undefined} />
      </span>
      <span className="quiet small number took">
        <Duration job={job} />
      </span>
    </li>
  );
}
