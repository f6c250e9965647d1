/** What many runs have logged, asked for at once. */
import { useQuery } from "@tanstack/react-query";
import { sendJson } from "./client";
import { root } from "./tracked";

export interface Logged {
  name: string;
  metrics: Record<string, number>;
  params: Record<string, string>;
}

interface Answer {
  runs?: {
    info: { run_id: string };
    data: { metrics?: { key: string; value: number | string }[]; params?: { key: string; value: string }[] };
  }[];
}

/** By run, its parameters and the last value of each metric; in the order of `names`. */
export function useLogged(ws: string, names: readonly string[], isGoingOn = false) {
  return useQuery({
    queryKey: ["logged", ws, names],
    queryFn: () => logged(ws, names),
    enabled: names.length > 0,
    refetchInterval: isGoingOn ? 3000 : false,
  });
}

async function logged(ws: string, names: readonly string[]): Promise<Logged[]> {
  const known = await sendJson<{ experiments?: { experiment_id: string }[] }>(
    "POST",
    `${root(ws)}/experiments/search`,
    {
      max_results: 1000,
      view_type: "ALL",
    },
  );
  const { runs = [] } = await sendJson<Answer>("POST", `${root(ws)}/runs/search`, {
    experiment_ids: known.experiments?.map(({ experiment_id }) => experiment_id) ?? [],
    filter: `attributes.run_id IN (${names.map((name) => `'${name}'`).join(", ")})`,
    max_results: names.length,
    run_view_type: "ALL",
  });
  const found = new Map(runs.map(({ info, data }) => [info.run_id, data]));
  return names.map((name) => ({
    name,
    metrics: Object.fromEntries(found.get(name)?.metrics?.map(({ key, value }) => [key, Number(value)]) ?? []),
    params: Object.fromEntries(found.get(name)?.params?.map(({ key, value }) => [key, value]) ?? []),
  }));
}
