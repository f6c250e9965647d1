/** Where a job stands among other things: what went in, what came of it, and who took it from there. */
import { reusedFrom, useJobs } from "../../api/jobs";
import { flat } from "../../api/pages";
import { around, joined, withInputs, withMaker, withRegistered, withUsers } from "../../graph/lineage";
import { LineageView } from "../../lineage/LineageView";
import type { TabProps } from "./RunPage";

export function Lineage({ job, ws }: TabProps) {
  const users = useJobs(ws, { filter: `document ~ "azureml://jobs/${job.name}/"`, view: "all" });
  const others = flat(users.data?.pages ?? []).filter(({ name }) => name !== job.name);
  const { spec, state } = job;
  let found = around({ title: spec.display_name ?? job.name, said: spec.type ?? "job", status: state.status });
  found = withInputs(found, job, "self");
  const taken = reusedFrom(job);
  if (taken) found = withMaker(found, taken, "its outputs were taken");
  const parent = state.parent_job_name;
  if (parent) {
    const link = { to: "/jobs/$name" as const, name: parent };
    found = joined(
      found,
      { id: `job ${parent}`, title: parent, said: "part of", side: "before", link },
      { to: "self" },
    );
  }
  found = withUsers(withRegistered(found, job, "self"), others);
  return <LineageView lineage={found} />;
}
