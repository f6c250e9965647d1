/** Where data comes from, and what has been made with it. */
import { useJob, useJobs } from "../../api/jobs";
import { flat } from "../../api/pages";
import { around, MOST, withMaker, withOrigin, withUsers } from "../../graph/lineage";
import { Refused, Skeleton } from "../../kit/Said";
import { LineageView } from "../../lineage/LineageView";
import type { AssetProps } from "./AssetPage";

export function Lineage({ ws, asset }: AssetProps) {
  // Single quotes around, so that the closing double quote of the JSON keeps version 1 apart from 10.
  const found = useJobs(ws, { filter: `document ~ 'azureml:${asset.name}:${asset.version ?? ""}"'`, view: "all" });
  const maker = asset.spec.properties?.job_name;
  const made = useJob(ws, maker ?? "");
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  const users = flat(found.data.pages);
  const self = around({ title: `${asset.name} version ${asset.version ?? ""}`, said: "this data" });
  const path = String(asset.spec.path ?? "");
  const grown = maker ? withMaker(self, maker, "made it", made.data) : withOrigin(self, path);
  const note = `${users.length}${found.hasNextPage ? "+" : ""} ${users.length === 1 ? "job takes" : "jobs take"} it`;
  return (
    <LineageView lineage={withUsers(grown, users)} note={users.length > MOST ? `${note}, ${MOST} are shown` : note} />
  );
}
