/** Places the nodes of a graph, away from the page, which stays smooth meanwhile. */
import { graphlib, layout } from "@dagrejs/dagre";
import type { Graph } from "./steps";

export const WIDTH = 220;
export const HEIGHT = 68;

/** What is to be placed: from the top down, unless it says otherwise; nodes of one size, unless it says theirs. */
export interface Wanted extends Graph {
  direction?: "TB" | "LR";
  heights?: Record<string, number>;
}

export type Placed = Record<string, { x: number; y: number }>;

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Wanted>) => void;
  postMessage: (placed: Placed) => void;
};

scope.onmessage = ({ data }) => {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: data.direction ?? "TB", nodesep: 40, ranksep: 56 });
  const heightOf = (step: string) => data.heights?.[step] ?? HEIGHT;
  graph.setDefaultEdgeLabel(() => ({}));
  for (const step of data.steps) graph.setNode(step, { width: WIDTH, height: heightOf(step) });
  data.edges.forEach(({ from, to }, at) => graph.setEdge(from, to, {}, String(at)));
  layout(graph);
  const placed: Placed = {};
  for (const step of data.steps) {
    const { x, y } = graph.node(step) as { x: number; y: number };
    placed[step] = { x: x - WIDTH / 2, y: y - heightOf(step) / 2 };
  }
  scope.postMessage(placed);
};
