/** What a pipeline or a sweep has started. */
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { type Job, useJobs } from "../../api/jobs";
import { flat } from "../../api/pages";
import { DataTable } from "../../kit/DataTable";
import { Empty, Refused, Skeleton } from "../../kit/Said";
import { CHILD_COLUMNS } from "../jobs/columns";
import type { TabProps } from "./RunPage";
import { Sweep } from "./Sweep";

export function Children({ job, ws }: TabProps) {
  const wanted = useMemo(() => ({ filter: "", parent: job.name }), [job.name]);
  const found = useJobs(ws, wanted);
  const go = useNavigate({ from: "/jobs/$name" });
  const open = useCallback(
    (child: Job) => void go({ to: "/jobs/$name", params: { name: child.name }, search: (was) => ({ ws: was.ws }) }),
    [go],
  );
  const { fetchNextPage, isFetchingNextPage } = found;
  const more = useCallback(() => void (isFetchingNextPage || fetchNextPage()), [fetchNextPage, isFetchingNextPage]);
  const items = useMemo(() => flat(found.data?.pages ?? []), [found.data]);
  if (found.isPending) return <Skeleton />;
  if (found.isError && !found.data) return <Refused error={found.error} retry={() => void found.refetch()} />;
  if (items.length === 0) return <Empty title="It has started no job yet" />;
  return (
    <>
      {job.spec.type === "sweep" && <Sweep ws={ws} sweep={job} trials={items} />}
      <div className="card whole" style={{ display: "flex" }}>
        <DataTable
          label="Child jobs"
          items={items}
          columns={CHILD_COLUMNS}
          idOf={nameOf}
          onOpen={open}
          onNearEnd={more}
          hasMore={found.hasNextPage}
        />
      </div>
    </>
  );
}

const nameOf = (job: Job) => job.name;
