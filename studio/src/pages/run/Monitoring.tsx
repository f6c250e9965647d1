/** What the job used of the machine while it ran, as its agent measured it every few seconds. */
import { useState } from "react";
import { FINAL } from "../../api/jobs";
import { SYSTEM, useTracked } from "../../api/tracked";
import { Empty, Refused, Skeleton } from "../../kit/Said";
import { Chart, type Look } from "./Metrics";
import { systemOrder } from "./measures";
import type { TabProps } from "./RunPage";

const LOOK: Look = { axis: "relative", smoothing: 0, isLog: false };

export function Monitoring({ job, ws }: TabProps) {
  const found = useTracked(ws, job.name);
  const [look] = useState(LOOK);
  const isGoingOn = !FINAL.includes(job.state.status);
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  const keys = systemOrder(found.data.metrics.map(({ key }) => key).filter((key) => key.startsWith(SYSTEM)));
  if (keys.length === 0) {
    return (
      <Empty title={isGoingOn ? "Nothing has been measured yet" : "Nothing was measured"}>
        Use of processor, memory, disk and network is measured every few seconds; jobs.metrics_interval is the setting.
      </Empty>
    );
  }
  const { peak_memory: memory, cpu_seconds: seconds } = job.state.reason?.facts ?? {};
  return (
    <>
      <p className="quiet small number">
        {typeof memory === "number" && `Most memory ${(memory / 1024 ** 2).toFixed(0)} MiB. `}
        {typeof seconds === "number" && `Processor ${seconds.toFixed(1)} s. `}
        Over seconds since its start.
      </p>
      <div className="charts">
        {keys.map((key) => (
          <Chart key={key} ws={ws} runs={[job.name]} metric={key} look={look} isGoingOn={isGoingOn} />
        ))}
      </div>
    </>
  );
}
