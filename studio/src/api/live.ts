/** One stream of events for a tab: what changed is read again, nothing is asked for that did not change. */
import { type InfiniteData, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { path } from "./client";
import { type Happening, type JobPage, jobPage, type Wanted } from "./jobs";
import { mergeFirst, patched } from "./pages";
import { LISTED_JOBS } from "./resources";

export type Connection = "connecting" | "live" | "lost";

const TYPES = [
  "ResourceCreated", "ResourceUpdated", "ResourceArchived", "ResourceRestored", "ResourceDeleted",
  "RunStatusChanged", "RunNoted", "EnvironmentBuilt", "DeploymentReady", "DeploymentFailed", "DeploymentScaled",
  "TrafficMoved", "TrafficRolledBack", "ScheduleFired", "ScheduleSkipped",
]; // prettier-ignore
/** Under which kind of query what changed is kept, where that is another word than its own and an s. */
const COLLECTIONS: Record<string, string> = {
  data: "data",
  "online-deployment": "online-endpoints",
  "batch-deployment": "batch-endpoints",
};
const GATHER_MS = 250;
const AGAIN_MS = 3000;
/** More changed jobs than this are not read one by one. */
const MOST_SINGLE = 20;

/** Follows a workspace for as long as the component is there. */
export function useLive(ws: string): Connection {
  const client = useQueryClient();
  const [state, setState] = useState<Connection>("connecting");
  useEffect(() => follow(ws, client, setState), [ws, client]);
  return state;
}

function follow(ws: string, client: QueryClient, tell: (state: Connection) => void): () => void {
  let source: EventSource | undefined;
  let again = 0;
  let gathering = 0;
  const changed = new Set<string>();
  const others = new Set<string>();

  const flush = () => {
    gathering = 0;
    const names = [...changed];
    changed.clear();
    for (const collection of others) void client.invalidateQueries({ queryKey: [collection, ws] });
    others.clear();
    if (names.length > 0) void refresh(client, ws, names);
  };
  const hear = (message: MessageEvent<string>) => {
    const [kind, name = ""] = (JSON.parse(message.data) as Happening).subject.split("/");
    if (kind === "job") changed.add(name);
    else others.add(COLLECTIONS[kind ?? ""] ?? `${kind}s`);
    gathering ||= window.setTimeout(flush, GATHER_MS);
  };
  const open = () => {
    source = new EventSource(`/api/v1/workspaces/${path(ws)}/events?after=latest`);
    source.onopen = () => {
      void client.invalidateQueries(); // what happened before it was open is told to nobody
      tell("live");
    };
    source.onerror = () => {
      tell("lost");
      if (source?.readyState === EventSource.CLOSED) again = window.setTimeout(open, AGAIN_MS);
    };
    for (const type of TYPES) source.addEventListener(type, hear);
  };
  open();
  return () => {
    source?.close();
    clearTimeout(again);
    clearTimeout(gathering);
  };
}

async function refresh(client: QueryClient, ws: string, names: string[]): Promise<void> {
  for (const name of names) {
    for (const about of ["job", "files", "events", "tracked"])
      void client.invalidateQueries({ queryKey: [about, ws, name] });
  }
  void client.invalidateQueries({ queryKey: ["counts", ws] });
  void client.invalidateQueries({ queryKey: [LISTED_JOBS, ws] });
  const isOfOne = (key: readonly unknown[]) => names.some((name) => (key[2] as string[]).includes(name));
  void client.invalidateQueries({
    queryKey: ["course", ws],
    type: "active",
    predicate: ({ queryKey }) => isOfOne(queryKey),
  });
  void client.invalidateQueries({ queryKey: ["jobs", ws], type: "inactive", refetchType: "none" }); // read when shown again
  const lists = client.getQueryCache().findAll({ queryKey: ["jobs", ws], type: "active" });
  await Promise.all(lists.map((list) => renew(client, list.queryKey, ws, list.queryKey[2] as Wanted, names)));
}

/** The first page anew, and beyond it only the rows that changed; the server says whether they still belong there. */
async function renew(client: QueryClient, key: readonly unknown[], ws: string, wanted: Wanted, names: string[]) {
  const before = client.getQueryData<InfiniteData<JobPage>>(key);
  if (!before || names.length > MOST_SINGLE) return void client.invalidateQueries({ queryKey: key });
  const further = new Set(before.pages.slice(1).flatMap((page) => page.jobs.map((job) => job.name)));
  const single = names.filter((name) => further.has(name));
  try {
    const fresh = await jobPage(ws, wanted);
    const found = new Map(await Promise.all(single.map(async (name) => [name, await one(ws, wanted, name)] as const)));
    client.setQueryData<InfiniteData<JobPage>>(key, (now) => {
      const [first, ...rest] = now?.pages ?? [];
      if (!now || !first) return now;
      return { ...now, pages: [mergeFirst(fresh, first), ...patched(rest, found)] };
    });
  } catch {
    void client.invalidateQueries({ queryKey: key }); // which shows what is wrong, where something is
  }
}

async function one(ws: string, wanted: Wanted, name: string) {
  const filter = [wanted.filter, `name = "${name}"`].filter(Boolean).join(" and ");
  return (await jobPage(ws, { ...wanted, filter }, "", 1)).jobs[0] ?? null;
}
