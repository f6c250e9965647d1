/** Where a job, data or a model stands among other things, as a graph: what it came of, and what came of it. Pure. */
import type { Job } from "../api/jobs";
import { linkOf, type Target } from "../lib/links";
import type { Edge } from "./steps";

export interface Thing {
  id: string;
  title: string;
  /** What it is to its neighbour: an input's name, "made it". */
  said: string;
  side: "before" | "self" | "after";
  status?: string;
  link?: Target | { to: "/endpoints/$name"; name: string };
}

export interface Lineage {
  things: Thing[];
  edges: Edge[];
}

/** Jobs that are shown of those that use something. */
export const MOST = 30;

/** A graph with nothing but the thing itself, to be grown. */
export function around(self: Omit<Thing, "side" | "id">): Lineage {
  return { things: [{ ...self, id: "self", side: "self" }], edges: [] };
}

/** What went into a job: before `to`, which is the job. */
export function withInputs(lineage: Lineage, job: Job, to: string): Lineage {
  const inputs = Object.entries(job.spec.inputs ?? {}).flatMap(([name, value]) =>
    typeof value === "object" && value.path ? [asThing(`input ${name}`, value.path, "data")] : [],
  );
  const { code, environment } = job.state;
  if (code) inputs.push({ ...asThing("code", code, "data"), link: undefined });
  if (environment && environment !== "inline") inputs.push(asThing("environment", environment, "environments"));
  return inputs.reduce((grown, thing) => joined(grown, { ...thing, side: "before" }, { to }), lineage);
}

/** What a job registered: after `from`, which is the job. */
export function withRegistered(lineage: Lineage, job: Job, from: string): Lineage {
  return Object.entries(job.state.registered ?? {}).reduce((grown, [output, reference]) => {
    const kind = isModel(job.spec.outputs?.[output]) ? "models" : "data";
    return joined(grown, { ...asThing(`output ${output}`, reference, kind), side: "after" }, { from });
  }, lineage);
}

/** Jobs that took it, and what they registered. */
export function withUsers(lineage: Lineage, users: readonly Job[]): Lineage {
  return users.slice(0, MOST).reduce((grown, job) => {
    const user: Thing = { ...jobThing(job.name, "takes it", job), side: "after" };
    return withRegistered(joined(grown, user, { from: "self" }), job, user.id);
  }, lineage);
}

export function withMaker(lineage: Lineage, name: string, said: string, job?: Job): Lineage {
  const maker: Thing = { ...jobThing(name, said, job), side: "before" };
  const grown = joined(lineage, maker, { to: "self" });
  return job ? withInputs(grown, job, maker.id) : grown;
}

/** What was brought, or registered from where it lay. */
export function withOrigin(lineage: Lineage, path: string): Lineage {
  return joined(lineage, { ...asThing("brought from", path, "data"), side: "before" }, { to: "self" });
}

/** One more thing, and the line between it and one that is there. */
export function joined(lineage: Lineage, thing: Thing, by: { from: string } | { to: string }): Lineage {
  const isKnown = lineage.things.some(({ id }) => id === thing.id);
  const edge = "from" in by ? { from: by.from, to: thing.id } : { from: thing.id, to: by.to };
  return {
    things: isKnown ? lineage.things : [...lineage.things, thing],
    edges: [...lineage.edges, { ...edge, label: "" }],
  };
}

function jobThing(name: string, said: string, job?: Job): Omit<Thing, "side"> {
  const link = { to: "/jobs/$name" as const, name };
  return { id: `job ${name}`, title: job?.spec.display_name ?? name, said, status: job?.state.status, link };
}

function asThing(said: string, reference: string, kind: "data" | "models" | "environments"): Omit<Thing, "side"> {
  const link = linkOf(reference, kind);
  const version = link?.version ? ` version ${link.version}` : "";
  return { id: reference, title: link ? link.name + version : reference, said, link };
}

function isModel(output: unknown): boolean {
  return typeof output === "object" && output !== null && String((output as { type?: string }).type).endsWith("_model");
}
