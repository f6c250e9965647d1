/** Environments: what they ask for, and what was made of them on this machine. */
import { useQuery } from "@tanstack/react-query";
import { sendJson } from "./client";
import { place, type Resource } from "./resources";

export interface EnvironmentSpec extends Record<string, unknown> {
  name: string;
  description?: string;
  image?: string;
  conda_file?: Record<string, unknown> | string;
  build?: { path?: string; dockerfile_path?: string };
  tags?: Record<string, string>;
}

export type Environment = Resource<EnvironmentSpec>;

export interface Package {
  name: string;
  version: string;
  asked_by: string;
}

export interface Inspected {
  phase: string;
  fingerprint?: string;
  message?: string;
  notes?: string[];
  made_as?: "python" | "image";
  folder?: string;
  size?: number;
  packages?: Package[];
  used_by?: string[];
  build?: { run: string; status: string };
}

/** `subject` names one: `{name, version}`. Asked again while it is being built. */
export function useInspected(ws: string, subject: Record<string, string>) {
  return useQuery({
    queryKey: ["environments", ws, "inspect", subject],
    queryFn: () => sendJson<Inspected>("POST", place(ws, "environments:inspect"), subject),
    refetchInterval: ({ state }) => (isBuilding(state.data) ? 1500 : false),
  });
}

export function isBuilding(told: Inspected | undefined): boolean {
  return told?.phase === "building" || (told?.build !== undefined && !ENDED.includes(told.build.status));
}

const ENDED = ["Completed", "Failed", "Canceled"];
