/** Runs beside each other: rows of what they have, and which of these rows differ. Pure. */
import type { Logged } from "../../api/runs";

export interface Row {
  group: "Job" | "Parameters" | "Metrics" | "System";
  key: string;
  /** One a run; nothing where a run has none. */
  values: (string | number | undefined)[];
  isDiffering: boolean;
}

export interface Compared {
  logged: Logged;
  about: Record<string, string | number | undefined>;
}

export function rowsOf(runs: readonly Compared[]): Row[] {
  return [
    ...rows("Job", runs, ({ about }) => about),
    ...rows("Parameters", runs, ({ logged }) => logged.params),
    ...rows("Metrics", runs, ({ logged }) => only(logged.metrics, false)),
    ...rows("System", runs, ({ logged }) => only(logged.metrics, true)),
  ];
}

/** What the machine was measured at, or what the script has logged. */
function only(metrics: Record<string, number>, isSystem: boolean): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).filter(([key]) => key.startsWith("system/") === isSystem));
}

function rows(
  group: Row["group"],
  runs: readonly Compared[],
  of: (run: Compared) => Record<string, string | number | undefined>,
): Row[] {
  const keys = new Set(runs.flatMap((run) => Object.keys(of(run))));
  return [...keys].map((key) => {
    const values = runs.map((run) => of(run)[key]);
    return { group, key, values, isDiffering: new Set(values).size > 1 };
  });
}

/** Of numbers that differ, the place of the least and of the most. */
export function ends(values: readonly (string | number | undefined)[]): { least: number; most: number } | undefined {
  const numbers = values.map((value) => (typeof value === "number" && Number.isFinite(value) ? value : undefined));
  const known = numbers.filter((value) => value !== undefined);
  if (known.length < 2 || new Set(known).size < 2) return undefined;
  return { least: numbers.indexOf(Math.min(...known)), most: numbers.indexOf(Math.max(...known)) };
}
