/** Places the nodes of a graph, away from the page, which stays smooth meanwhile. */
import { graphlib, layout } from "@dagrejs/dagre";
import type { Graph } from "./steps";

export const WIDTH = 220;
export const HEIGHT = 68;

export type Placed = Record<string, { x: number; y: number }>;

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Graph>) => void;
  postMessage: (placed: Placed) => void;
};

scope.onmessage = ({ data }) => {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "TB", nodesep: 40, ranksep: 56 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const step of data.steps) graph.setNode(step, { width: WIDTH, height: HEIGHT });
  data.edges.forEach(({ from, to }, at) => graph.setEdge(from, to, {}, String(at)));
  layout(graph);
  const placed: Placed = {};
  for (const step of data.steps) {
    const { x, y } = graph.node(step) as { x: number; y: number };
    placed[step] = { x: x - WIDTH / 2, y: y - HEIGHT / 2 };
  }
  scope.postMessage(placed);
};
