/** A pipeline's document as a graph: its steps, and which of them waits for which. */
import type { Job, Step } from "../api/jobs";

export interface Edge {
  from: string;
  to: string;
  /** What passes: the output's name, and the input's. */
  label: string;
}

export interface Graph {
  steps: string[];
  edges: Edge[];
}

const BOUND = /\$\{\{\s*parent\.jobs\.([^.}\s]+)(?:\.outputs\.([^.}\s]+))?/g;

export function graphOf(jobs: Readonly<Record<string, Step>>): Graph {
  const steps = Object.keys(jobs);
  const known = new Set(steps);
  const edges: Edge[] = [];
  for (const [to, step] of Object.entries(jobs)) {
    for (const [input, value] of Object.entries(step.inputs ?? {})) {
      const told = typeof value === "object" ? (value.path ?? "") : String(value);
      for (const [, from = "", output = ""] of told.matchAll(BOUND)) {
        if (known.has(from)) edges.push({ from, to, label: output === input ? input : `${output} → ${input}` });
      }
    }
  }
  return { steps, edges };
}

/** By step, the job that carries it out; a loop's or a retried step's newest one. */
export function carriedOut(graph: Graph, parent: string, children: readonly Job[]): Map<string, Job> {
  const found = new Map<string, Job>();
  for (const step of graph.steps) {
    const child = children.find(({ name, spec }) => name === `${parent}_${step}` || spec.display_name === step);
    if (child) found.set(step, child);
  }
  return found;
}
