/** Jobs as pages see them, and how they are asked for. */
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, type FileEntry, getJson, path, type Resource, told } from "./client";

export type Status =
  | "NotStarted" | "Queued" | "Provisioning" | "Preparing" | "Starting" | "Running" | "Finalizing"
  | "CancelRequested" | "Paused" | "NotResponding" | "Completed" | "Failed" | "Canceled" | "Unknown"; // prettier-ignore

export const FINAL: readonly Status[] = ["Completed", "Failed", "Canceled"];

export interface Input {
  type?: string;
  path?: string;
  value?: unknown;
  mode?: string;
}

export interface Step {
  type?: string;
  component?: string | Record<string, unknown>;
  inputs?: Record<string, Input | string | number | boolean>;
  outputs?: Record<string, Input | string>;
}

export interface JobSpec {
  type?: string;
  display_name?: string;
  description?: string;
  experiment_name?: string;
  command?: string;
  code?: string;
  compute?: string;
  environment?: unknown;
  inputs?: Record<string, Input | string | number | boolean>;
  outputs?: Record<string, Input | string>;
  tags?: Record<string, string>;
  jobs?: Record<string, Step>;
  objective?: { goal: string; primary_metric: string };
  limits?: { max_total_trials?: number };
}

export interface Failure {
  cause: string;
  message: string;
  error: string;
  log: string[];
  do: string[];
}

export interface JobState {
  status: Status;
  attempt?: number;
  reason?: { code: string; message: string; facts?: Record<string, unknown> } | null;
  compute?: string;
  experiment_name?: string;
  started_at?: string | null;
  ended_at?: string | null;
  code?: string;
  environment?: string;
  registered?: Record<string, string>;
  parent_job_name?: string;
  gpus?: string[];
  notes?: string[];
  waiting_for?: string;
  failure?: Failure | null;
  best?: Record<string, unknown>;
  trials?: Record<string, number>;
}

export interface Job extends Omit<Resource, "spec" | "state"> {
  spec: JobSpec;
  state: JobState;
}

/** The job that this one's outputs are taken from, where nothing had to run. */
export function reusedFrom({ state }: Job): string | undefined {
  if (state.reason?.code !== "Reused") return undefined;
  return String(state.reason.facts?.of ?? "an equal job");
}

export interface Happening {
  type: string;
  seq: number;
  at: number;
  subject: string;
  actor: string;
  data: Record<string, unknown>;
}

/** Which jobs: a filter in the server's language, and whose children. */
export interface Wanted {
  filter: string;
  view?: "active" | "archived" | "all";
  parent?: string;
}

/** OpenAPI leaves open what a document and a state hold; of a job it is this. */
function asJob(resource: Resource): Job {
  return resource as unknown as Job;
}

export const PAGE = 100;

export const keys = {
  jobs: (ws: string, wanted: Wanted) => ["jobs", ws, wanted] as const,
  job: (ws: string, name: string) => ["job", ws, name] as const,
};

export interface JobPage {
  jobs: Job[];
  more: boolean;
}

/** One page: the newest of those that were made before `cursor`, which is where the page before it ended. */
export async function jobPage(ws: string, wanted: Wanted, cursor = "", top = PAGE): Promise<JobPage> {
  const terms = [wanted.filter, cursor && `created < ${cursor}`].filter(Boolean);
  const query = {
    top,
    filter: terms.join(" and "),
    list_view: wanted.view ?? "active",
    ...(wanted.parent ? { parent_job_name: wanted.parent } : {}),
  } as const;
  const page = await told(api.GET("/api/v1/workspaces/{ws}/jobs", { params: { path: { ws }, query } }));
  return { jobs: page.value.map(asJob), more: Boolean(page.next) };
}

/**
 * Where the next page begins. Times are answered to the microsecond and kept finer, and several jobs can have one:
 * so it begins at the end of the last job's millisecond, and what comes twice is left out by name.
 */
export function cursorAfter(page: JobPage): string | undefined {
  const last = page.jobs.at(-1);
  if (!page.more || !last) return undefined;
  return new Date(Date.parse(last.system.created_at) + 1).toISOString();
}

export function useJobs(ws: string, wanted: Wanted) {
  return useInfiniteQuery({
    queryKey: keys.jobs(ws, wanted),
    queryFn: ({ pageParam }) => jobPage(ws, wanted, pageParam),
    initialPageParam: "",
    getNextPageParam: cursorAfter,
    placeholderData: keepPreviousData,
  });
}

/** How many there are of each status, of all that the list would show. */
export function useCounts(ws: string, wanted: Wanted) {
  const query = { filter: wanted.filter, list_view: wanted.view ?? "active" } as const;
  return useQuery({
    queryKey: ["counts", ws, wanted],
    queryFn: async (): Promise<Partial<Record<Status, number>>> =>
      (await told(api.GET("/api/v1/workspaces/{ws}/jobs:counts", { params: { path: { ws }, query } }))).value,
    placeholderData: keepPreviousData,
  });
}

export function useJob(ws: string, name: string) {
  return useQuery({
    queryKey: keys.job(ws, name),
    queryFn: async () =>
      asJob(await told(api.GET("/api/v1/workspaces/{ws}/jobs/{name}", { params: { path: { ws, name } } }))),
    enabled: name !== "",
  });
}

export function useWorkspaces() {
  return useQuery({
    queryKey: ["workspaces"],
    queryFn: async () => (await told(api.GET("/api/v1/workspaces", { params: { query: { top: 1000 } } }))).value,
    staleTime: 60_000,
  });
}

export const filesOf = (ws: string, name: string) => ({
  queryKey: ["files", ws, name],
  queryFn: async (): Promise<FileEntry[]> => {
    const params = { path: { ws, name }, query: { top: 1000 } };
    return (await told(api.GET("/api/v1/workspaces/{ws}/jobs/{name}/files", { params }))).value as FileEntry[];
  },
});

export const useFiles = (ws: string, name: string) => useQuery(filesOf(ws, name));

export function useCode(ws: string, reference: string) {
  const [, name = "", version = ""] = /^azureml:([^:]+):(.+)$/.exec(reference) ?? [];
  const root = `/api/v1/workspaces/${path(ws)}/codes/${path(name)}/versions/${path(version)}/files`;
  const found = useQuery({
    queryKey: ["code", ws, reference],
    queryFn: async () => (await getJson<{ value: FileEntry[] }>(`${root}?top=1000`)).value,
    enabled: name !== "",
    staleTime: Infinity,
  });
  return { ...found, root };
}

export function useHappenings(ws: string, name: string) {
  const url = `/api/v1/workspaces/${path(ws)}/events?follow=0&subject=${encodeURIComponent(`job/${name}`)}`;
  return useQuery({
    queryKey: ["events", ws, name],
    queryFn: async () => (await getJson<{ value: Happening[] }>(url)).value,
  });
}

export async function cancelJob(ws: string, name: string): Promise<void> {
  await told(api.POST("/api/v1/workspaces/{ws}/jobs/{name}/cancel", { params: { path: { ws, name } } }));
}

export const jobRoot = (ws: string, name: string) => `/api/v1/workspaces/${path(ws)}/jobs/${path(name)}`;
