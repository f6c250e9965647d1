/** What a run has logged: parameters, newest values, and the course of metrics, thinned by the server. */
import { type QueryClient, useQuery } from "@tanstack/react-query";
import { getJson, path, sendJson } from "./client";
import { ApiError } from "./errors";

/** Points of one curve that are asked for: more than a chart has pixels for. */
export const MOST_POINTS = 2000;
/** Names of the machine's own measures begin so. */
export const SYSTEM = "system/";
/** Charts that are in sight first, and how long what was asked ahead for them is new. */
const MOST_AHEAD = 4;
const AHEAD_MS = 5000;
const HOME = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local";

export interface Point {
  key: string;
  value: number | string;
  timestamp: number;
  step: number;
  run_id: string;
}

interface Pair {
  key: string;
  value: string;
}

export interface Tracked {
  metrics: Point[];
  params: Pair[];
}

const trackedOf = (ws: string, name: string) => ({
  queryKey: ["tracked", ws, name],
  queryFn: async (): Promise<Tracked> => {
    const url = `${root(ws)}/runs/get?run_id=${encodeURIComponent(name)}`;
    try {
      const { run } = await getJson<{ run: { data: Partial<Tracked> } }>(url);
      return { metrics: run.data.metrics ?? [], params: run.data.params ?? [] };
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return { metrics: [], params: [] }; // not begun yet
      throw error;
    }
  },
});

export const useTracked = (ws: string, name: string) => useQuery(trackedOf(ws, name));

/** Asks ahead for what somebody who points at a run's metrics is about to see. */
export async function askMetrics(client: QueryClient, ws: string, name: string): Promise<void> {
  await client.prefetchQuery({ ...trackedOf(ws, name), staleTime: AHEAD_MS });
  const found = client.getQueryData<Tracked>(trackedOf(ws, name).queryKey); // nothing where it failed: the tab says why
  for (const { key } of (found?.metrics ?? [])
    .filter((metric) => !metric.key.startsWith(SYSTEM))
    .slice(0, MOST_AHEAD)) {
    void client.prefetchQuery({ ...courseOf(ws, [name], key), staleTime: AHEAD_MS });
  }
}

interface Series {
  run_id: string;
  key: string;
  step: number[];
  timestamp: number[];
  value: (number | string)[];
}

const courseOf = (ws: string, runs: string[], metric: string) => ({
  queryKey: ["course", ws, runs, metric],
  queryFn: async () => {
    const wanted = { run_ids: runs, metric_keys: [metric], max_points: pointsOf(runs.length) };
    const { series } = await sendJson<{ series: Series[] }>("POST", `${root(ws)}/metrics/query`, wanted);
    return series.flatMap(pointsIn);
  },
});

/** The course of one metric in one or several runs, its peaks kept; asked again while one of them is going on. */
export function useCourse(ws: string, runs: string[], metric: string, isGoingOn: boolean) {
  return useQuery({
    ...courseOf(ws, runs, metric),
    enabled: runs.length > 0,
    refetchInterval: isGoingOn ? 2000 : false,
  });
}

/** Many curves share a chart, and need fewer points each. */
const pointsOf = (runs: number) => Math.max(100, Math.min(MOST_POINTS, Math.floor((20 * MOST_POINTS) / runs)));

function pointsIn({ run_id, key, step, timestamp, value }: Series): Point[] {
  return step.map((at, place) => ({
    run_id,
    key,
    step: at,
    timestamp: timestamp[place] ?? 0,
    value: value[place] ?? NaN,
  }));
}

/** Of MLflow's protocol in a workspace. */
export function root(ws: string): string {
  const place = `${HOME}/providers/Microsoft.MachineLearningServices/workspaces/${path(ws)}`;
  return `/mlflow${ws === "default" ? "" : `/v1.0${place}`}/api/2.0/mlflow`;
}
