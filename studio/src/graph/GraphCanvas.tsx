/** A graph that is looked at, not drawn: moved, zoomed, its nodes chosen. Pipelines, pairs of them and lineage are shown so. */
import {
  Background,
  Controls,
  type Edge,
  MiniMap,
  type Node,
  type NodeTypes,
  ReactFlow,
  type ReactFlowInstance,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { useTheme } from "../lib/hooks";

interface Props<N extends Node> {
  label: string;
  nodes: N[];
  edges: Edge[];
  types: NodeTypes;
  onInit?: (flow: ReactFlowInstance<N>) => void;
  onChoose?: (id: string | undefined) => void;
  /** Where the nodes hold links, those are what the keyboard goes to. */
  hasLinks?: boolean;
}

/** From here on only what is in sight is drawn. */
export const MANY = 120;
const WITH_MAP = 12;

export function GraphCanvas<N extends Node>({ label, nodes, edges, types, onInit, onChoose, hasLinks }: Props<N>) {
  const [theme] = useTheme();
  return (
    <div className="canvas">
      <ReactFlow
        aria-label={label}
        nodes={nodes}
        edges={edges}
        nodeTypes={types}
        colorMode={theme}
        fitView
        fitViewOptions={{ maxZoom: 1, padding: 0.15 }}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={!hasLinks}
        edgesFocusable={!hasLinks}
        onlyRenderVisibleElements={nodes.length > MANY}
        minZoom={0.05}
        onInit={onInit}
        onNodeClick={(_, { id }) => onChoose?.(id)}
        onPaneClick={() => onChoose?.(undefined)}
      >
        <Background />
        <Controls showInteractive={false} />
        {nodes.length > WITH_MAP && <MiniMap pannable zoomable ariaLabel="Overview of the graph" />}
      </ReactFlow>
    </div>
  );
}
