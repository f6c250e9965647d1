/** The graph itself: each step with its status as it is now. */
import { Handle, type Node, type NodeProps, type NodeTypes, Position, type ReactFlowInstance } from "@xyflow/react";
import { memo, useEffect, useMemo, useState } from "react";
import { type Job, reusedFrom } from "../../api/jobs";
import { GraphCanvas, MANY } from "../../graph/GraphCanvas";
import type { Graph } from "../../graph/steps";
import { useLayout } from "../../graph/useLayout";
import { Skeleton } from "../../kit/Said";
import { StatusBadge, statusTone } from "../../kit/StatusBadge";
import { Duration } from "../jobs/columns";

type StepNode = Node<{ title: string; job: Job | undefined; isChosen: boolean }, "step">;

interface Props {
  graph: Graph;
  jobs: ReadonlyMap<string, Job>;
  chosen: string | undefined;
  onChoose: (step: string | undefined) => void;
}

const HALF = { x: 110, y: 34 };

export function Canvas({ graph, jobs, chosen, onChoose }: Props) {
  const placed = useLayout(graph);
  const [flow, setFlow] = useState<ReactFlowInstance<StepNode>>();
  const nodes = useMemo(
    (): StepNode[] =>
      graph.steps.map((step) => ({
        id: step,
        type: "step",
        position: placed?.[step] ?? { x: 0, y: 0 },
        data: { title: step, job: jobs.get(step), isChosen: step === chosen },
        ariaLabel: `${step}, ${jobs.get(step)?.state.status ?? "not started"}`,
      })),
    [graph, placed, jobs, chosen],
  );
  const edges = useMemo(
    () =>
      graph.edges.map(({ from, to, label }, at) => ({
        id: `${from}-${to}-${at}`,
        source: from,
        target: to,
        label: graph.steps.length > MANY ? undefined : label,
        animated: jobs.get(to)?.state.status === "Running",
      })),
    [graph, jobs],
  );
  useEffect(() => {
    const at = chosen && placed?.[chosen];
    if (!at) return;
    // The pane that opens beside it takes some of its width first.
    const timer = setTimeout(() => {
      void flow?.setCenter(at.x + HALF.x, at.y + HALF.y, { zoom: Math.max(flow.getZoom(), 0.7), duration: 180 });
    }, 60);
    return () => clearTimeout(timer);
  }, [chosen, placed, flow]);
  if (!placed) return <Skeleton />;
  return (
    <GraphCanvas
      label="Graph of the pipeline"
      nodes={nodes}
      edges={edges}
      types={TYPES}
      onInit={setFlow}
      onChoose={onChoose}
    />
  );
}

const StepShown = memo(function StepShown({ data: { title, job, isChosen } }: NodeProps<StepNode>) {
  const status = job?.state.status ?? "NotStarted";
  return (
    <div className={`step ${statusTone(status)}${isChosen ? " chosen" : ""}`}>
      <Handle type="target" position={Position.Top} />
      <span className="ellipsis" title={title}>
        {title}
      </span>
      <span className="row">
        <StatusBadge status={status} />
        {job && reusedFrom(job) ? (
          <span className="tag">reused</span>
        ) : (
          <span className="quiet small number">{job && <Duration job={job} />}</span>
        )}
      </span>
      <Handle type="source" position={Position.Bottom} />
    </div>
  );
});

const TYPES: NodeTypes = { step: StepShown };
