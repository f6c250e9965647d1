/** Where the nodes of a graph go; nothing while that is being worked out. */
import { useEffect, useState } from "react";
import type { Placed, Wanted } from "./layout.worker";
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

/** The same, once, where somebody asks for it. */
export function placedOnce(graph: Wanted): Promise<Placed> {
  const worker = new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
  return new Promise<Placed>((done) => {
    worker.onmessage = ({ data }: MessageEvent<Placed>) => {
      worker.terminate();
      done(data);
    };
    worker.postMessage(graph);
  });
}
