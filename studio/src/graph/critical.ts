/** Which steps a pipeline's end waited for: shortening any other would not have made it end sooner. Pure. */
import type { Graph } from "./steps";

export interface Times {
  /** Seconds since some moment. */
  begin: number;
  end: number;
}

/** From first to last. */
export function criticalPath(graph: Graph, times: ReadonlyMap<string, Times>): string[] {
  const before = new Map<string, string[]>();
  for (const { from, to } of graph.edges) before.set(to, [...(before.get(to) ?? []), from]);
  const latest = (steps: readonly string[]) =>
    steps
      .filter((step) => times.has(step))
      .reduce<string | undefined>((best, step) => {
        const end = times.get(step)?.end ?? 0;
        return best === undefined || end > (times.get(best)?.end ?? 0) ? step : best;
      }, undefined);
  const found: string[] = [];
  const seen = new Set<string>();
  let at = latest(graph.steps);
  while (at !== undefined && !seen.has(at)) {
    seen.add(at);
    found.unshift(at);
    at = latest(before.get(at) ?? []);
  }
  return found;
}
