/** What a run has logged: parameters, newest values, and the course of metrics, thinned by the server. */
import { useQuery } from "@tanstack/react-query";
import { getJson, path, sendJson } from "./client";
import { ApiError } from "./errors";

/** Points of one curve that are asked for: more than a chart has pixels for. */
export const MOST_POINTS = 2000;
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

export function useTracked(ws: string, name: string) {
  return useQuery({
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
}

interface Series {
  run_id: string;
  key: string;
  step: number[];
  timestamp: number[];
  value: (number | string)[];
}

/** The course of one metric in one or several runs, its peaks kept; asked again while one of them is going on. */
export function useCourse(ws: string, runs: string[], metric: string, isGoingOn: boolean) {
  return useQuery({
    queryKey: ["course", ws, runs, metric],
    queryFn: async () => {
      const wanted = { run_ids: runs, metric_keys: [metric], max_points: pointsOf(runs.length) };
      const { series } = await sendJson<{ series: Series[] }>("POST", `${root(ws)}/metrics/query`, wanted);
      return series.flatMap(pointsIn);
    },
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
