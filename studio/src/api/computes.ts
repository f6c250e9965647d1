/** Computes: where jobs run, their nodes, and what there is of them. */
import type { Resource } from "./resources";

export interface ComputeSpec extends Record<string, unknown> {
  name: string;
  type: "amlcompute" | "computeinstance" | "kubernetes" | "virtualmachine" | "synapsespark";
  description?: string;
  size?: string;
  min_instances?: number;
  max_instances?: number;
  idle_time_before_scale_down?: number;
  idle_time_before_shutdown_minutes?: number;
  tags?: Record<string, string>;
}

export interface ComputeState extends Record<string, unknown> {
  provisioning_state: string;
  state?: string;
  allocation_state?: string;
  notes?: string[];
  current_node_count?: number;
  node_state_counts?: Record<string, number>;
}

export type Compute = Resource<ComputeSpec, ComputeState>;

export interface Node {
  node_id: string;
  node_state: string;
  run_id: string | null;
}

export interface Size {
  name: string;
  family: string;
  v_cp_us: number;
  gpus: number;
  memory_gb: number;
}

export interface Usage {
  name: { value: string; localized_value: string };
  current_value: number;
  limit: number | null;
}

/** Always there, and neither started nor stopped. */
export const BUILT_IN = "local";

export const SORTS: Record<ComputeSpec["type"], string> = {
  amlcompute: "Cluster",
  computeinstance: "Instance",
  kubernetes: "Kubernetes",
  virtualmachine: "Attached machine",
  synapsespark: "Spark pool",
};

export function stateOf({ state }: Compute): string {
  if (state.provisioning_state !== "Succeeded") return state.provisioning_state;
  if (state.state === "Running") return "Up"; // for as long as nobody stops it: nothing is under way
  return state.state ?? state.allocation_state ?? state.provisioning_state;
}

export function sizeText({ name, v_cp_us, memory_gb, gpus }: Size): string {
  return `${name}: ${v_cp_us} cores, ${memory_gb} GB${gpus ? `, ${gpus} GPU${gpus > 1 ? "s" : ""}` : ""}`;
}
