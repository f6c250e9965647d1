/** The newest jobs whose document names something. */
import type { Job } from "../api/jobs";
import { useResources } from "../api/resources";
import { Refusal, Skeleton } from "../kit/Said";
import { StatusBadge } from "../kit/StatusBadge";
import { Ago } from "../pages/jobs/columns";
import { JobLink } from "./columns";

/** `reference` is spelt as documents have it: `azureml:name:version`. */
export function UsedBy({ ws, reference, none }: { ws: string; reference: string; none: string }) {
  const found = useResources<Job>(ws, "jobs", { filter: `document ~ "${reference}"`, view: "all" });
  if (found.isPending) return <Skeleton lines={3} />;
  if (found.isError) return <Refusal error={found.error} />;
  return <JobLines jobs={found.data.pages.flatMap((page) => page.value)} none={none} />;
}

export function JobLines({ jobs, none }: { jobs: Job[]; none: string }) {
  if (jobs.length === 0) return <p className="quiet">{none}</p>;
  return (
    <table className="plain-table">
      <thead>
        <tr>
          <th>Job</th>
          <th>Status</th>
          <th>Type</th>
          <th>Created</th>
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => (
          <tr key={job.name}>
            <td>
              <JobLink name={job.name}>{job.spec.display_name || job.name}</JobLink>
            </td>
            <td>
              <StatusBadge status={job.state.status} />
            </td>
            <td>{job.spec.type}</td>
            <td>
              <Ago iso={job.system.created_at} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
