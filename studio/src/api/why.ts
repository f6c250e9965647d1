/** Why a job stands as it does, in the server's words: a pipeline's steps, and what a step was held against. */
import { useQueries, useQuery } from "@tanstack/react-query";
import { getJson } from "./client";
import { jobRoot, type Status } from "./jobs";

export interface StepStanding {
  step: string;
  type: string;
  job: string;
  state: string;
  message: string;
  status: Status | "";
  seconds: number | null;
  reused: string;
}

export interface Difference {
  field: string;
  before?: unknown;
  after?: unknown;
  files?: Record<string, string[]> | string[];
}

export interface Reuse {
  verdict: "HIT" | "MISS";
  job?: string;
  message?: string;
  compared_with?: string;
  differences: Difference[];
}

export interface Why {
  message: string;
  steps?: StepStanding[];
  reuse?: Reuse;
}

const asked = (ws: string, name: string) => ({
  queryKey: ["job", ws, name, "why"] as const,
  queryFn: () => getJson<Why>(`${jobRoot(ws, name)}/why`),
});

export function useWhy(ws: string, name: string, every = 0, is = true) {
  return useQuery({ ...asked(ws, name), refetchInterval: every || false, enabled: is });
}

/** Of several jobs at once, by name. */
export function useReuse(ws: string, names: readonly string[]): Map<string, Reuse> {
  return useQueries({
    queries: names.map((name) => ({ ...asked(ws, name), staleTime: 60_000 })),
    combine: (found) =>
      new Map(names.flatMap((name, at) => (found[at]?.data?.reuse ? [[name, found[at].data.reuse] as const] : []))),
  });
}
