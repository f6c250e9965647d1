/** Online and batch endpoints with their deployments: how they stand, what they did, and asking them. */
import { useQueries, useQuery } from "@tanstack/react-query";
import { getJson, path } from "./client";
import { errorOf, unreachable } from "./errors";
import { place, type Resource } from "./resources";

export interface Reason {
  code: string;
  message: string;
  facts?: Record<string, unknown>;
}

export interface EndpointSpec extends Record<string, unknown> {
  name: string;
  description?: string;
  auth_mode?: "key" | "aml_token" | "aad_token";
  traffic?: Record<string, number>;
  mirror_traffic?: Record<string, number>;
  rollout?: Record<string, unknown>;
  tags?: Record<string, string>;
  /** Of a batch endpoint. */
  defaults?: { deployment_name?: string };
}

export interface Rollout {
  status: string;
  now?: Record<string, number>;
  traffic?: Record<string, number>;
  why?: string;
}

export interface EndpointState extends Record<string, unknown> {
  provisioning_state: string;
  reason?: Reason | null;
  scoring_uri?: string;
  openapi_uri?: string;
  deployments?: string[];
  rollout?: Rollout | null;
}

export type Endpoint = Resource<EndpointSpec, EndpointState>;

export interface ScaleSettings {
  type: "default" | "target_utilization";
  min_instances?: number;
  max_instances?: number;
  cool_down?: number;
  target?: { concurrency?: number; requests_per_second?: number; cpu_percent?: number };
  target_utilization_percentage?: number;
}

export interface DeploymentSpec extends Record<string, unknown> {
  name: string;
  model?: string | Record<string, unknown>;
  environment?: string | Record<string, unknown>;
  instance_type?: string;
  instance_count?: number;
  scale_settings?: ScaleSettings;
}

export interface DeploymentState extends Record<string, unknown> {
  provisioning_state: string;
  reason?: Reason | null;
  replicas?: { id: string; stage: string }[];
  environment?: string;
}

export type Deployment = Resource<DeploymentSpec, DeploymentState> & { parent: string };

export interface Reading {
  until?: string;
  seconds: number;
  requests: number;
  requests_per_second: number;
  errors: number;
  error_rate: number;
  latency_ms: { p50: number | null; p95: number | null; p99: number | null; mean: number | null };
  concurrency: number;
  queued: { mean: number; most: number };
  replicas: number;
  cpu_percent: number;
  memory_bytes: number;
}

export interface Measured {
  deployment: string;
  window: Reading;
  now: { in_flight: number; queued: number; replicas: number; memory_bytes: number };
  series?: Reading[];
}

const MOVING = ["Creating", "Updating", "Deleting", "Scaling"];

export function isMoving(state: { provisioning_state: string }): boolean {
  return MOVING.includes(state.provisioning_state);
}

export const collectionOf = (sort: "batch" | undefined) => (sort === "batch" ? "batch-endpoints" : "online-endpoints");

export function useDeployments(ws: string, collection: string, endpoint: string) {
  return useQuery({
    queryKey: [collection, ws, "deployments", endpoint],
    queryFn: () => getJson<{ value: Deployment[] }>(place(ws, collection, endpoint, "deployments")),
    refetchInterval: ({ state }) => (state.data?.value.some((one) => isMoving(one.state)) ? 1500 : false),
  });
}

/** What each deployment did in the last `window` seconds, and every `step` of them. */
export function useMeasured(ws: string, endpoint: string, deployments: string[], window: number, step: number) {
  return useQueries({
    queries: deployments.map((deployment) => ({
      queryKey: ["online-endpoints", ws, "metrics", endpoint, deployment, window, step],
      queryFn: () =>
        getJson<Measured>(
          `${place(ws, "online-endpoints", endpoint, "deployments", deployment, "metrics")}?window=${window}&step=${step}`,
        ),
      refetchInterval: 3000,
    })),
  });
}

export interface Answer {
  status: number;
  text: string;
  deployment: string;
  ms: number;
}

/** Asks through our own server, which holds the key. What the model refuses is an answer too. */
export async function ask(ws: string, endpoint: string, deployment: string, body: string): Promise<Answer> {
  const named = deployment ? `?deployment=${encodeURIComponent(deployment)}` : "";
  const begun = performance.now();
  const response = await fetch(`${place(ws, "online-endpoints", endpoint, "score")}${named}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  }).catch(() => {
    throw unreachable();
  });
  const text = await response.text();
  const ms = performance.now() - begun;
  const ours = response.headers.get("x-ms-request-id") ?? "";
  if (!response.ok && isOurs(text)) throw errorOf(response.status, JSON.parse(text), ours);
  return { status: response.status, text, deployment: response.headers.get("azureml-model-deployment") ?? "", ms };
}

/** Whether an error is the server's own rather than the model's. */
function isOurs(text: string): boolean {
  try {
    const read = JSON.parse(text) as { error?: { code?: string } };
    return ["Forbidden", "Unauthenticated", "Unavailable", "ResourceNotFound"].includes(read.error?.code ?? "");
  } catch {
    return false;
  }
}

export function endpointRoot(ws: string, endpoint: string): string {
  return `/api/v1/workspaces/${path(ws)}/online-endpoints/${path(endpoint)}`;
}
