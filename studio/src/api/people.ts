/** Who one is here, who else has a role, the tokens that prove it, and what everybody did. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getJson, path, sendJson } from "./client";

export type Permission = "read" | "write" | "delete" | "secrets" | "manage";
export type Role = "reader" | "contributor" | "owner";

/** From the least to the most, with what each is in Azure's words. */
export const ROLES: readonly (readonly [Role, string])[] = [
  ["reader", "sees everything but secrets, changes nothing"],
  ["contributor", "works: jobs, assets, endpoints and their keys"],
  ["owner", "everything, and says who is what"],
];

export interface Me {
  name: string;
  role: Role | null;
  workspace: string | null;
  token: string | null;
  is_first: boolean;
  permissions: string[];
}

export interface Person {
  name: string;
  role: Role;
  workspace: string | null;
  is_first: boolean;
  created_at: string | null;
  created_by: string | null;
}

export interface Token {
  name: string;
  person: string;
  role: Role;
  workspace: string | null;
  created_at: string;
  created_by: string;
  expires_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
}

export interface Deed {
  seq: number;
  at: string;
  type: string;
  workspace: string | null;
  subject: string;
  actor: string;
  data: Record<string, unknown>;
}

export interface Quota {
  workspace: string;
  nodes: number | null;
  in_use: number;
  is_set: boolean;
  settings_say: number | null;
}

const ME_STAYS_MS = 60_000;

export const useMe = () =>
  useQuery({ queryKey: ["me"], queryFn: () => getJson<Me>("/api/v1/me"), staleTime: ME_STAYS_MS });

/** Why one may not do what needs a permission; nothing where one may, or as long as it is not known. */
export function useMay(permission: Permission): string | undefined {
  const { data: me } = useMe();
  if (!me || me.permissions.includes(permission)) return undefined;
  return `${me.name} is a ${me.role ?? "job"} here, and may not do this. An owner gives roles in Settings.`;
}

/** Whether one may: for what is not shown at all to whoever may not, nor before that is known. */
export function useCan(permission: Permission): boolean {
  return useMe().data?.permissions.includes(permission) ?? false;
}

export const usePeople = () => useListed<Person>("people");
export const useTokens = () => useListed<Token>("tokens");
export const useQuotas = (every: number) => useListed<Quota>("quotas", every);

function useListed<T>(what: string, every?: number) {
  return useQuery({
    queryKey: [what],
    queryFn: async () => (await getJson<{ value: T[] }>(`/api/v1/${what}`)).value,
    refetchInterval: every ?? false,
  });
}

interface Change {
  method: "PUT" | "POST" | "DELETE";
  parts: string[];
  body?: unknown;
}

/** A change of people, tokens or quotas; all of them are asked for again, since one follows from another. */
export function useRightsChange<T = unknown>() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ method, parts, body }: Change) => sendJson<T>(method, `/api/v1/${path(...parts)}`, body),
    onSettled: () =>
      Promise.all(
        ["people", "tokens", "quotas", "audit", "me"].map((key) => client.invalidateQueries({ queryKey: [key] })),
      ),
  });
}

interface Page {
  value: Deed[];
  next?: string;
}

/** What people did, the newest first. */
export function useAudit(wanted: { actor?: string; type?: string }) {
  return useInfiniteQuery({
    queryKey: ["audit", wanted],
    queryFn: ({ pageParam }) => {
      const query = new URLSearchParams({ top: "50" });
      if (pageParam) query.set("before", String(pageParam));
      if (wanted.actor) query.set("actor", wanted.actor);
      if (wanted.type) query.set("type", wanted.type);
      return getJson<Page>(`/api/v1/audit?${query}`);
    },
    initialPageParam: 0,
    getNextPageParam: ({ value, next }) => (next ? value.at(-1)?.seq : undefined),
  });
}
