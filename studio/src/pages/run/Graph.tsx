/** A pipeline as its graph, each step with its status as it is now; a step leads to its job. */
import {
  Background,
  Controls,
  Handle,
  type Node,
  type NodeProps,
  type NodeTypes,
  Position,
  ReactFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { useNavigate } from "@tanstack/react-router";
import { memo, useMemo } from "react";
import { type Job, useJobs } from "../../api/jobs";
import { flat } from "../../api/pages";
import { carriedOut, graphOf } from "../../graph/steps";
import { useLayout } from "../../graph/useLayout";
import { Skeleton } from "../../kit/Said";
import { StatusBadge, statusTone } from "../../kit/StatusBadge";
import { useTheme } from "../../lib/hooks";
import { Duration } from "../jobs/columns";
import type { TabProps } from "./RunPage";

type StepNode = Node<{ title: string; job: Job | undefined }, "step">;

export function Graph({ job, ws }: TabProps) {
  const [theme] = useTheme();
  const go = useNavigate({ from: "/jobs/$name" });
  const document = JSON.stringify(job.spec.jobs ?? {});
  const graph = useMemo(() => graphOf(JSON.parse(document) as NonNullable<Job["spec"]["jobs"]>), [document]);
  const placed = useLayout(graph);
  const wanted = useMemo(() => ({ filter: "", parent: job.name }), [job.name]);
  const found = useJobs(ws, wanted);
  const children = useMemo(
    () => carriedOut(graph, job.name, flat(found.data?.pages ?? [])),
    [graph, job.name, found.data],
  );
  const nodes = useMemo(
    (): StepNode[] =>
      graph.steps.map((step) => ({
        id: step,
        type: "step",
        position: placed?.[step] ?? { x: 0, y: 0 },
        data: { title: step, job: children.get(step) },
      })),
    [graph, placed, children],
  );
  const edges = useMemo(
    () =>
      graph.edges.map(({ from, to, label }, at) => ({ id: `${from}-${to}-${at}`, source: from, target: to, label })),
    [graph],
  );
  if (!placed) return <Skeleton />;
  return (
    <div className="card whole">
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={TYPES}
        colorMode={theme}
        fitView
        fitViewOptions={{ maxZoom: 1, padding: 0.15 }}
        nodesDraggable={false}
        nodesConnectable={false}
        minZoom={0.1}
        onNodeClick={(_, { data }) => {
          if (data.job)
            void go({ to: "/jobs/$name", params: { name: data.job.name }, search: (was) => ({ ws: was.ws }) });
        }}
      >
        <Background />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

const StepShown = memo(function StepShown({ data: { title, job } }: NodeProps<StepNode>) {
  return (
    <div className={`step ${statusTone(job?.state.status ?? "NotStarted")}`}>
      <Handle type="target" position={Position.Top} />
      <span className="ellipsis" title={title}>
        {title}
      </span>
      <span className="row">
        <StatusBadge status={job?.state.status ?? "NotStarted"} />
        <span className="quiet small number">{job && <Duration job={job} />}</span>
        {job?.state.reused && <span className="tag">reused</span>}
      </span>
      <Handle type="source" position={Position.Bottom} />
    </div>
  );
});

const TYPES: NodeTypes = { step: StepShown };
