/** Data assets and datastores: what is in them, how their columns are, and how files get there. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getJson, path, sendJson } from "./client";
import { errorOf, unreachable } from "./errors";
import { place, type Resource } from "./resources";

export type DataAsset = Resource<
  {
    type?: string;
    path?: string;
    description?: string;
    tags?: Record<string, string>;
    properties?: Record<string, string>;
  },
  Record<string, unknown>
>;
export type Datastore = Resource<
  { type?: string; description?: string; root?: string; account_name?: string; container_name?: string },
  { is_default?: boolean }
>;

export interface Rows {
  columns: { name: string; type: string }[];
  rows: unknown[][];
  more: boolean;
  notes: unknown;
}

export interface ColumnProfile {
  name: string;
  type: string;
  count: number;
  missing: number;
  distinct: number;
  distinct_is_exact: boolean;
  min: unknown;
  max: unknown;
  top: { value: unknown; count: number }[];
  mean?: number;
  std?: number;
  quantiles?: Record<string, number>;
  histogram?: { edges: number[]; counts: number[] } | null;
  min_length?: number;
  max_length?: number;
}

/** Of every pair of numeric columns; nothing where a pair has none. */
export interface Correlation {
  columns: string[];
  values: (number | null)[][];
}

export interface Profile {
  rows: number;
  columns: ColumnProfile[];
  correlation: Correlation | null;
}

export interface Entry {
  path: string;
  kind: "file" | "folder" | "link";
  size: number;
  modified_at: string;
}

export const PAGE_ROWS = 200;

export function useRows(ws: string, name: string, version: string, from: number) {
  return useQuery({
    queryKey: ["data", ws, "rows", name, version, from],
    queryFn: () => getJson<Rows>(`${at(ws, name, version)}/preview?rows=${PAGE_ROWS}${from ? `&skip=${from}` : ""}`),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

export function useProfile(ws: string, name: string, version: string) {
  return useQuery({
    queryKey: ["data", ws, "profile", name, version],
    queryFn: () => getJson<Profile>(`${at(ws, name, version)}/profile`),
    staleTime: 60_000,
    retry: false,
  });
}

export const filesOf = (ws: string, name: string, version: string) => `${at(ws, name, version)}/files`;

function at(ws: string, name: string, version: string): string {
  return place(ws, "data", name, "versions", version);
}

/** What lies in one folder of a datastore. */
export function useFolder(ws: string, datastore: string, folder: string) {
  return useQuery({
    queryKey: ["datastores", ws, "files", datastore, folder],
    queryFn: async () => {
      const url = `${place(ws, "datastores", datastore, "files")}?top=1000&path=${encodeURIComponent(folder)}`;
      return getJson<{ value: Entry[]; next?: string }>(url);
    },
    retry: false,
  });
}

export const DEFAULT_STORE = "workspaceblobstore";

/** Sends one file to a datastore; tells how much of it has gone. `fetch` cannot tell that. */
export function send(url: string, file: File, tell: (sent: number) => void, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = new XMLHttpRequest();
    asked.open("PUT", url);
    asked.upload.onprogress = ({ loaded }) => tell(loaded);
    asked.onload = () => {
      if (asked.status < 300) return resolve();
      reject(errorOf(asked.status, parsed(asked.responseText), asked.getResponseHeader("x-ms-request-id") ?? ""));
    };
    asked.onerror = () => reject(unreachable());
    asked.onabort = () => reject(new DOMException("The upload was stopped.", "AbortError"));
    signal?.addEventListener("abort", () => asked.abort());
    asked.send(file);
  });
}

export const fileUrl = (ws: string, datastore: string, file: string) =>
  `${place(ws, "datastores", datastore, "files")}/${path(file)}`;

/** A new version of a data asset, of what lies on a datastore; the server numbers it. */
export function register(ws: string, name: string, type: string, uri: string): Promise<DataAsset> {
  return sendJson<DataAsset>("POST", place(ws, "data", name, "versions"), { type, path: uri });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
