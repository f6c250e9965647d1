/** What a run has logged: parameters, newest values, and the course of metrics, thinned by the server. */
import { useQuery } from "@tanstack/react-query";
import { getJson, path } from "./client";
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

/** The course of one metric in one or several runs; asked again while one of them is going on. */
export function useCourse(ws: string, runs: string[], metric: string, isGoingOn: boolean) {
  const asked = new URLSearchParams(runs.map((run) => ["run_ids", run]));
  asked.set("metric_key", metric);
  asked.set("max_results", String(MOST_POINTS));
  return useQuery({
    queryKey: ["course", ws, runs, metric],
    queryFn: async () => {
      const url = `${root(ws)}/metrics/get-history-bulk-interval?${asked}`;
      return (await getJson<{ metrics?: Point[] }>(url)).metrics ?? [];
    },
    enabled: runs.length > 0,
    refetchInterval: isGoingOn ? 2000 : false,
  });
}

/** Of MLflow's protocol in a workspace. */
export function root(ws: string): string {
  const place = `${HOME}/providers/Microsoft.MachineLearningServices/workspaces/${path(ws)}`;
  return `/mlflow${ws === "default" ? "" : `/v1.0${place}`}/api/2.0/mlflow`;
}
