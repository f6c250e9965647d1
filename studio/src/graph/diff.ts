/** Two pipelines as one graph: what only the first has, what only the second, what both have and differs. Pure. */
import type { Step } from "../api/jobs";
import { type Edge, type Graph, graphOf } from "./steps";

export type Change = "removed" | "added" | "changed" | "same";

export interface Differing {
  graph: Graph;
  steps: Map<string, { change: Change; fields: { path: string; before: unknown; after: unknown }[] }>;
  edges: (Edge & { change: Change })[];
}

type Steps = Readonly<Record<string, Step>>;

export function differenceOf(a: Steps, b: Steps): Differing {
  const [first, second] = [graphOf(a), graphOf(b)];
  const names = [...new Set([...first.steps, ...second.steps])];
  const steps: Differing["steps"] = new Map();
  for (const name of names) {
    if (!(name in b)) steps.set(name, { change: "removed", fields: [] });
    else if (!(name in a)) steps.set(name, { change: "added", fields: [] });
    else {
      const fields = fieldsApart(a[name], b[name]);
      steps.set(name, { change: fields.length ? "changed" : "same", fields });
    }
  }
  const idOf = ({ from, to, label }: Edge) => `${from}\n${to}\n${label}`;
  const inFirst = new Set(first.edges.map(idOf));
  const inSecond = new Set(second.edges.map(idOf));
  const edges = [
    ...first.edges.map((edge) => ({ ...edge, change: (inSecond.has(idOf(edge)) ? "same" : "removed") as Change })),
    ...second.edges.filter((edge) => !inFirst.has(idOf(edge))).map((edge) => ({ ...edge, change: "added" as Change })),
  ];
  return { graph: { steps: names, edges }, steps, edges };
}

/** The places where two documents are not the same. */
export function fieldsApart(
  before: unknown,
  after: unknown,
  path = "",
): { path: string; before: unknown; after: unknown }[] {
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => fieldsApart(before[key], after[key], path ? `${path}.${key}` : key));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
