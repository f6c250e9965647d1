/** Where the nodes of a graph go; nothing while that is being worked out. */
import { useEffect, useState } from "react";
import type { Placed } from "./layout.worker";
import type { Graph } from "./steps";

export function useLayout(graph: Graph): Placed | undefined {
  const [placed, setPlaced] = useState<Placed>();
  useEffect(() => {
    const worker = new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<Placed>) => setPlaced(data);
    worker.postMessage(graph);
    return () => worker.terminate();
  }, [graph]);
  return placed;
}
