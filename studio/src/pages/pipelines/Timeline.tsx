/** A pipeline's steps over time, and which of them its end waited for. */
import { useMemo } from "react";
import { FINAL, type Job, reusedFrom } from "../../api/jobs";
import { type Bar, Gantt } from "../../charts/Gantt";
import { criticalPath, type Times } from "../../graph/critical";
import type { Graph } from "../../graph/steps";
import { Empty } from "../../kit/Said";
import { duration } from "../../lib/format";
import { useNow } from "../../lib/hooks";

interface Props {
  job: Job;
  graph: Graph;
  jobs: ReadonlyMap<string, Job>;
  chosen: string | undefined;
  onChoose: (step: string) => void;
}

export function Timeline({ job, graph, jobs, chosen, onChoose }: Props) {
  const isOver = FINAL.includes(job.state.status);
  const ticking = useNow(isOver ? 3_600_000 : 1000);
  const now = isOver && job.state.ended_at ? Date.parse(job.state.ended_at) : ticking;
  const { bars, path } = useMemo(() => barsOf(job, graph, jobs, now), [job, graph, jobs, now]);
  if (bars.length === 0) return <Empty title="No step has begun yet" />;
  const spent = bars.filter(({ isCritical }) => isCritical).reduce((sum, bar) => sum + bar.end - bar.begin, 0);
  return (
    <div className="timeline">
      <p className="small quiet inside" role="status">
        {isOver ? "Its end waited for" : "So far it has waited for"} <b>{path.join(" → ")}</b>, {duration(spent)} of
        work.
      </p>
      <Gantt label="Steps over time" bars={bars} chosen={chosen} onChoose={onChoose} />
    </div>
  );
}

function barsOf(job: Job, graph: Graph, jobs: ReadonlyMap<string, Job>, now: number): { bars: Bar[]; path: string[] } {
  const zero = Date.parse(job.state.started_at ?? job.system.created_at);
  const since = (iso: string | null | undefined, other: number) => ((iso ? Date.parse(iso) : other) - zero) / 1000;
  const times = new Map<string, Times & { made: number }>();
  for (const [step, { state, system }] of jobs) {
    const made = Math.max(0, since(system.created_at, now));
    const begin = Math.max(made, since(state.started_at, state.ended_at ? Date.parse(state.ended_at) : now));
    times.set(step, { made, begin, end: Math.max(begin, since(state.ended_at, now)) });
  }
  const path = criticalPath(graph, times);
  const bars = [...times].map(([name, time]): Bar => {
    const step = jobs.get(name);
    return {
      name,
      ...time,
      status: step?.state.status ?? "NotStarted",
      isCritical: path.includes(name),
      ...(step && reusedFrom(step) ? { note: "reused" } : {}),
    };
  });
  return { bars: bars.sort((a, b) => a.begin - b.begin || a.end - b.end), path };
}
