/** Where data comes from, and what has been made with it. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type Job, useJobs } from "../../api/jobs";
import { flat } from "../../api/pages";
import { Refused, Skeleton } from "../../kit/Said";
import { StatusBadge } from "../../kit/StatusBadge";
import type { AssetProps } from "./AssetPage";

const MOST = 30;

export function Lineage({ ws, asset }: AssetProps) {
  // Single quotes around, so that the closing double quote of the JSON keeps version 1 apart from 10.
  const found = useJobs(ws, { filter: `document ~ 'azureml:${asset.name}:${asset.version ?? ""}"'`, view: "all" });
  const maker = asset.spec.properties?.job_name;
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  const users = flat(found.data.pages);
  return (
    <div className="lineage">
      <Column title="Comes from">
        {maker ? (
          <Linked name={maker} said="made it" />
        ) : (
          <div className="node">
            <span className="quiet small">brought from</span>
            <code>{asset.spec.path}</code>
          </div>
        )}
      </Column>
      <Column title="This data">
        <div className="node self">
          <b>{asset.name}</b>
          <span className="quiet small">version {asset.version}</span>
        </div>
      </Column>
      <Column
        title={`Used by ${users.length === 1 ? "one job" : `${users.length}${found.hasNextPage ? "+" : ""} jobs`}`}
      >
        {users.length === 0 && <p className="quiet small">No job names this version as an input.</p>}
        {users.slice(0, MOST).map((job) => (
          <Linked key={job.name} name={job.name} job={job} />
        ))}
        {users.length > MOST && <p className="quiet small">and {users.length - MOST} more</p>}
      </Column>
    </div>
  );
}

function Column({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h3 className="quiet">{title}</h3>
      {children}
    </div>
  );
}

function Linked({ name, said, job }: { name: string; said?: string; job?: Job }) {
  const models = Object.values(job?.state.registered ?? {});
  return (
    <div className="node">
      <span className="row">
        <Link
          to="/jobs/$name"
          params={{ name }}
          search={(was) => ({ ws: was.ws })}
          className="grow ellipsis"
          title={name}
        >
          {job?.spec.display_name ?? name}
        </Link>
        {job && <StatusBadge status={job.state.status} />}
      </span>
      {job?.spec.display_name && <span className="quiet small">{name}</span>}
      {said && <span className="quiet small">{said}</span>}
      {models.length > 0 && (
        <span className="quiet small">made {models.map((one) => one.replace(/^azureml:/, "")).join(", ")}</span>
      )}
    </div>
  );
}
