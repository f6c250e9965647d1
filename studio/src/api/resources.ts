/** Whatever a user can name, asked for in one way: lists, one thing, its versions, and the verbs that change it. */
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getJson, type Resource as Described, sendJson } from "./client";

/** What a resource says and how it stands, where its page knows more of it than OpenAPI does. */
export interface Resource<Spec = Record<string, unknown>, State = Record<string, unknown>> extends Omit<
  Described,
  "spec" | "state"
> {
  spec: Spec;
  state: State;
}

export interface Wanted {
  filter?: string;
  view?: "active" | "archived" | "all";
}

interface Page<T> {
  value: T[];
  next?: string;
}

/** As many as the server gives at once: lists are searched and counted in the browser as far as they are here. */
const PAGE = 1000;

/** The address of a thing: each part is one name, whatever was typed for it. */
export function place(ws: string, ...parts: string[]): string {
  return `/api/v1/workspaces/${[ws, ...parts].map(encodeURIComponent).join("/")}`;
}

/** The list of jobs keeps pages of another shape, so lists of jobs here have a key of their own. */
export const LISTED_JOBS = "listed-jobs";

export const allOf = (ws: string, kind: string) => [kind === "jobs" ? LISTED_JOBS : kind, ws] as const;

export function useResources<T>(ws: string, kind: string, wanted: Wanted = {}) {
  return useInfiniteQuery({
    queryKey: [...allOf(ws, first(kind)), "list", kind, wanted],
    queryFn: ({ pageParam }) => getJson<Page<T>>(pageParam || listed(place(ws, ...kind.split("/")), wanted)),
    initialPageParam: "",
    getNextPageParam: ({ next }) => (next ? local(next) : undefined),
    placeholderData: keepPreviousData,
  });
}

/** One thing; of an asset the version asked for, or the latest. */
export function useResource<T>(ws: string, kind: string, name: string, version?: string) {
  const url = place(ws, ...kind.split("/"), name, ...(version ? ["versions", version] : []));
  return useQuery({
    queryKey: [...allOf(ws, first(kind)), "one", kind, name, version ?? ""],
    queryFn: () => getJson<T>(url),
    enabled: name !== "",
  });
}

export function useVersions<T>(ws: string, kind: string, name: string) {
  return useQuery({
    queryKey: [...allOf(ws, kind), "versions", name],
    queryFn: async () =>
      (await getJson<Page<T>>(`${place(ws, kind, name, "versions")}?top=${PAGE}&list_view=all`)).value,
    enabled: name !== "",
  });
}

/** Something that is asked about a thing, at `parts` below the workspace. */
export function useAsked<T>(ws: string, parts: string[], query = "", options: { every?: number; is?: boolean } = {}) {
  return useQuery({
    queryKey: [...allOf(ws, bare(parts[0] ?? "")), "asked", ...parts, query],
    queryFn: () => getJson<T>(place(ws, ...parts) + (query && `?${query}`)),
    refetchInterval: options.every ?? false,
    enabled: options.is ?? true,
    placeholderData: keepPreviousData,
  });
}

interface Change {
  method: "PUT" | "POST" | "DELETE";
  parts: string[];
  body?: unknown;
}

/** A change, after which all that is shown of the kind is asked for again. */
export function useChange<T = unknown>(ws: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ method, parts, body }: Change) => sendJson<T>(method, place(ws, ...parts), body),
    onSettled: (_, __, { parts }) => client.invalidateQueries({ queryKey: allOf(ws, bare(parts[0] ?? "")) }),
  });
}

/** Deployments are asked for again with their endpoints. */
function first(kind: string): string {
  return kind.split("/")[0] ?? kind;
}

/** `environments:lock` is about `environments`. */
function bare(part: string): string {
  return part.replace(/:.*/, "");
}

function listed(url: string, { filter, view }: Wanted): string {
  const query = new URLSearchParams({ top: String(PAGE) });
  if (filter) query.set("filter", filter);
  if (view) query.set("list_view", view);
  return `${url}?${query}`;
}

/** The server names its next page by its whole address; asked for is its path. */
function local(url: string): string {
  const { pathname, search } = new URL(url, location.origin);
  return pathname + search;
}
