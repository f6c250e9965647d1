/** What the palette looks through beside jobs: every kind that has a page, asked for by what is typed. */
import { useQueries } from "@tanstack/react-query";
import { getJson } from "../api/client";
import { place, type Resource } from "../api/resources";

export interface Found {
  kind: string;
  name: string;
  title: string;
  to: string;
}

const KINDS = [
  ["data", "Data", "/data/$name"],
  ["models", "Models", "/models/$name"],
  ["online-endpoints", "Endpoints", "/endpoints/$name"],
  ["components", "Components", "/components/$name"],
  ["environments", "Environments", "/environments/$name"],
  ["computes", "Compute", "/compute/$name"],
  ["schedules", "Schedules", "/schedules/$name"],
  ["datastores", "Datastores", "/datastores/$name"],
] as const;
const MOST = 4;

/** By kind, the few that fit; nothing before something is typed. */
export function useFound(ws: string, typed: string): Map<string, Found[]> {
  const words = typed.replaceAll(/["']/g, "").trim();
  return useQueries({
    queries: KINDS.map(([kind]) => ({
      queryKey: [kind, ws, "palette", words],
      queryFn: () => {
        const query = new URLSearchParams({ top: String(MOST), filter: `text ~ "${words}"` });
        return getJson<{ value: Resource[] }>(`${place(ws, kind)}?${query}`);
      },
      enabled: words !== "",
      staleTime: 10_000,
    })),
    combine: (answers) =>
      new Map(
        KINDS.flatMap(([kind, title, to], at) => {
          const names = [...new Set(answers[at]?.data?.value.map(({ name }) => name) ?? [])];
          return names.length ? [[title, names.map((name) => ({ kind, name, title, to }))] as const] : [];
        }),
      ),
  });
}
