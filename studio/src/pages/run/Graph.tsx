/** A pipeline as it goes: its graph, its steps over time, and what is known of the one that is chosen. */
import { useMemo, useState } from "react";
import { FINAL, type Job, useJobs } from "../../api/jobs";
import { flat } from "../../api/pages";
import { carriedOut, graphOf } from "../../graph/steps";
import { Canvas } from "../pipelines/Canvas";
import { Outline } from "../pipelines/Outline";
import { StepPane } from "../pipelines/StepPane";
import { Timeline } from "../pipelines/Timeline";
import "../pipelines/pipelines.css";
import type { TabProps } from "./RunPage";

type View = "graph" | "time";

export function Graph({ job, ws }: TabProps) {
  const document = JSON.stringify(job.spec.jobs ?? {});
  const steps = useMemo(() => JSON.parse(document) as NonNullable<Job["spec"]["jobs"]>, [document]);
  const graph = useMemo(() => graphOf(steps), [steps]);
  const wanted = useMemo(() => ({ filter: "", parent: job.name }), [job.name]);
  const found = useJobs(ws, wanted);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = found;
  if (hasNextPage && !isFetchingNextPage) void fetchNextPage(); // a graph wants all of its steps
  const children = useMemo(
    () => carriedOut(graph, job.name, flat(found.data?.pages ?? [])),
    [graph, job.name, found.data],
  );
  const [chosen, setChosen] = useState<string>();
  const [view, setView] = useState<View>("graph");
  return (
    <>
      <div className="row">
        <button className="chip" aria-pressed={view === "graph"} onClick={() => setView("graph")}>
          Graph
        </button>
        <button className="chip" aria-pressed={view === "time"} onClick={() => setView("time")}>
          Over time
        </button>
        <span className="quiet small number">
          {[...children.values()].filter(({ state }) => FINAL.includes(state.status)).length} of {graph.steps.length}{" "}
          steps are done
        </span>
      </div>
      <div className={`card whole pipeline${chosen ? " with-pane" : ""}`}>
        <Outline steps={graph.steps} jobs={children} chosen={chosen} onChoose={setChosen} />
        {view === "graph" ? (
          <Canvas graph={graph} jobs={children} chosen={chosen} onChoose={setChosen} />
        ) : (
          <Timeline job={job} graph={graph} jobs={children} chosen={chosen} onChoose={setChosen} />
        )}
        {chosen && (
          <StepPane
            key={chosen}
            ws={ws}
            step={chosen}
            spec={steps[chosen]}
            job={children.get(chosen)}
            onClose={() => setChosen(undefined)}
          />
        )}
      </div>
    </>
  );
}
