/** Points of several runs as the columns that a chart draws, and what is done to them before. */
import type { Point } from "../api/tracked";

export type Axis = "step" | "time" | "relative";

export interface Drawn {
  /** One series a run, in this order. */
  runs: string[];
  /** The x values, then each run's y values; null where a run has none. */
  columns: [number[], ...(number | null)[][]];
}

/** Joins the runs' points on one x axis, in seconds where that is time. */
export function drawn(points: readonly Point[], runs: readonly string[], axis: Axis): Drawn {
  const begun = new Map<string, number>();
  for (const point of points) {
    begun.set(point.run_id, Math.min(begun.get(point.run_id) ?? Infinity, point.timestamp));
  }
  const at = (point: Point) => {
    if (axis === "step") return point.step;
    return (axis === "time" ? point.timestamp : point.timestamp - (begun.get(point.run_id) ?? 0)) / 1000;
  };
  const xs = [...new Set(points.map(at))].sort((a, b) => a - b);
  const index = new Map(xs.map((x, place) => [x, place]));
  const present = runs.filter((run) => begun.has(run));
  const rows = new Map(present.map((run) => [run, new Array<number | null>(xs.length).fill(null)]));
  for (const point of points) {
    const place = index.get(at(point));
    const row = rows.get(point.run_id);
    const value = Number(point.value);
    if (row && place !== undefined) row[place] = Number.isFinite(value) ? value : null;
  }
  return { runs: present, columns: [xs, ...rows.values()] };
}

/** An exponential moving average, corrected for its beginning; 0 leaves everything as it is. */
export function smoothed(values: readonly (number | null)[], weight: number): (number | null)[] {
  if (weight <= 0) return [...values];
  let mean = 0;
  let count = 0;
  return values.map((value) => {
    if (value === null) return null;
    count += 1;
    mean = weight * mean + (1 - weight) * value;
    return mean / (1 - weight ** count);
  });
}
