/** Where a model comes from, and where it answers. */
import { useJob, useJobs } from "../../api/jobs";
import type { Model, Serving } from "../../api/models";
import { flat } from "../../api/pages";
import { around, joined, withMaker, withOrigin, withUsers } from "../../graph/lineage";
import { LineageView } from "../../lineage/LineageView";

export function Lineage({ ws, model, serving }: { ws: string; model: Model; serving: Serving[] }) {
  const { name, version = "", spec } = model;
  const maker = spec.properties?.job_name;
  const made = useJob(ws, maker ?? "");
  const users = useJobs(ws, { filter: `document ~ 'azureml:${name}:${version}"'`, view: "all" });
  let found = around({ title: `${name} version ${version}`, said: "this model" });
  if (maker) found = withMaker(found, maker, "made it", made.data);
  else if (spec.path) found = withOrigin(found, spec.path);
  for (const { endpoint, deployment, state } of serving) {
    const link = { to: "/endpoints/$name" as const, name: endpoint };
    const id = `${endpoint}/${deployment}`;
    found = joined(found, { id, title: id, said: "answers at", side: "after", status: state, link }, { from: "self" });
  }
  return <LineageView lineage={withUsers(found, flat(users.data?.pages ?? []))} />;
}
