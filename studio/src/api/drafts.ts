/** Drafts of pipelines: kept by the server as they are drawn, checked by its planner, submitted as jobs. */
import { useQuery } from "@tanstack/react-query";
import { type Drawing, EMPTY, type Pipeline } from "../graph/drawing";
import { type Interface, interfaceOf } from "../graph/ports";
import { getJson, sendJson } from "./client";
import type { Job } from "./jobs";
import { place, type Resource, useResources } from "./resources";

interface Layout {
  steps?: Drawing["spots"] | null;
  notes?: Drawing["notes"] | null;
  groups?: Drawing["groups"] | null;
}

export interface DraftSpec {
  display_name?: string;
  document: Pipeline;
  layout?: Layout | null;
  revision: number;
}

export type Draft = Resource<DraftSpec>;

export interface Checked {
  valid: boolean;
  problems: { message: string; field: string; hint?: string }[];
  notes: string[];
}

export function drawingOf({ display_name, document, layout }: Omit<DraftSpec, "revision">): Drawing {
  return {
    title: display_name ?? "",
    document,
    spots: layout?.steps ?? {},
    notes: layout?.notes ?? [],
    groups: layout?.groups ?? [],
  };
}

function specOf({ title, document, spots, notes, groups }: Drawing) {
  return { display_name: title || undefined, document, layout: { steps: spots, notes, groups } };
}

export function makeDraft(ws: string, drawing: Drawing): Promise<Draft> {
  return sendJson("POST", place(ws, "drafts"), specOf(drawing));
}

/** Refused where somebody saved meanwhile: `revision` is the one that this is to become. */
export function saveDraft(ws: string, name: string, drawing: Drawing, revision: number): Promise<Draft> {
  return sendJson("PUT", place(ws, "drafts", name), { ...specOf(drawing), revision });
}

export const readDraft = (ws: string, name: string) => getJson<Draft>(place(ws, "drafts", name));

export const deleteDraft = (ws: string, name: string) => sendJson("DELETE", place(ws, "drafts", name));

export async function toYaml(ws: string, document: Pipeline): Promise<string> {
  return (await sendJson<{ yaml: string }>("POST", place(ws, "drafts:write"), { document })).yaml;
}

export async function fromYaml(ws: string, yaml: string): Promise<Pipeline> {
  return (await sendJson<{ document: Pipeline }>("POST", place(ws, "drafts:read"), { yaml })).document;
}

/** What a job was submitted as, to be drawn on. */
export async function drawingOfJob(ws: string, name: string): Promise<Drawing> {
  const { spec } = await getJson<Job>(place(ws, "jobs", name));
  const said = spec as unknown as Record<string, unknown>;
  const { display_name, tags } = said;
  const document = Object.fromEntries(Object.entries(said).filter(([field]) => !OWN.includes(field)));
  const kept = Object.entries((tags ?? {}) as Record<string, unknown>).filter(([key]) => key !== TAG);
  const more = kept.length > 0 ? { tags: Object.fromEntries(kept) } : {};
  return { ...EMPTY, title: `${String(display_name ?? name)} (copy)`, document: { ...document, ...more } };
}

/** What is of the job, and not of what it ran. */
const OWN = ["name", "display_name", "tags", "properties"];

/** Names the draft that a job was submitted from. */
export const TAG = "draft";

export function submit(ws: string, draft: string, { title, document }: Drawing): Promise<Job> {
  const tags = { ...(document.tags as Record<string, unknown> | undefined), [TAG]: draft };
  return sendJson("POST", place(ws, "jobs"), { display_name: title || draft, ...document, tags });
}

/** The planner's word on a pipeline that need not be whole. */
export function useChecked(ws: string, document: Pipeline) {
  const body = JSON.stringify(document);
  return useQuery({
    queryKey: ["drafts", ws, "checked", body],
    queryFn: () => sendJson<Checked>("POST", place(ws, "jobs:validate"), JSON.parse(body)),
    placeholderData: (before) => before,
    retry: false,
    gcTime: 10_000,
  });
}

export interface Known {
  reference: string;
  name: string;
  version: string;
  type: string;
  about: Interface;
}

/** Every registered component at its newest version, to be drawn with. */
export function useComponents(ws: string) {
  const found = useResources<Resource & { version: string }>(ws, "components");
  const known: Known[] = (found.data?.pages ?? []).flatMap((page) =>
    page.value.map(({ name, version, spec }) => ({
      reference: `azureml:${name}:${version}`,
      name,
      version,
      type: typeof spec.type === "string" ? spec.type : "command",
      about: interfaceOf(spec, name),
    })),
  );
  return { ...found, known };
}

const REFERENCE = /^azureml:([^:@/]+)(?::([^:]+)|@(.+))$/;

/** Where a component that a step names is described; nothing where it is written out, or is not one of the workspace. */
export function placeOf(ws: string, reference: string): string | undefined {
  const [, name, version, label] = REFERENCE.exec(reference) ?? [];
  if (!name) return undefined;
  return version
    ? place(ws, "components", name, "versions", version)
    : place(ws, "components", name, "labels", label ?? "");
}
