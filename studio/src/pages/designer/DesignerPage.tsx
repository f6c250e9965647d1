/** The Designer: a draft on its canvas, components beside it, and what the server's planner says of it. */
import { ReactFlowProvider, useReactFlow } from "@xyflow/react";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type Draft, type Known, makeDraft, readDraft, submit, TAG, useChecked, useComponents } from "../../api/drafts";
import { type Job, useJobs } from "../../api/jobs";
import { flat } from "../../api/pages";
import { useResource } from "../../api/resources";
import { bondsOf, type Drawing, freeName, type Spot, stepsOf, withStep } from "../../graph/drawing";
import type { Interface } from "../../graph/ports";
import { placedOnce } from "../../graph/useLayout";
import { Refusal, Refused, Skeleton } from "../../kit/Said";
import { useSettled } from "../../lib/hooks";
import { useWorkspace } from "../../shell/workspace";
import { Canvas } from "./Canvas";
import { ComponentList } from "./ComponentList";
import "./designer.css";
import { Inspector } from "./Inspector";
import { PipelinePanel } from "./PipelinePanel";
import { heightOf, WIDTH } from "./StepNode";
import { Toolbar } from "./Toolbar";
import { type Drafting, useDraft } from "./useDraft";
import { useInterfaces } from "./useInterfaces";
import { useShortcuts } from "./useShortcuts";
import { YamlDialog } from "./YamlDialog";

export function DesignerPage() {
  const ws = useWorkspace();
  const { name } = useParams({ from: "/designer/$name" });
  const found = useResource<Draft>(ws, "drafts", name);
  if (found.isPending) return <Skeleton />;
  if (!found.data)
    return (
      <Refused error={found.error ?? new Error("The draft cannot be shown.")} retry={() => void found.refetch()} />
    );
  return (
    <ReactFlowProvider key={`${ws}/${name}`}>
      <Desk ws={ws} draft={found.data} />
    </ReactFlowProvider>
  );
}

function Desk({ ws, draft }: { ws: string; draft: Draft }) {
  const drafting = useDraft(ws, draft);
  const { drawing, change } = drafting;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [said, say] = useState("");
  const [isYaml, setYaml] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const components = useComponents(ws);
  const interfaces = useInterfaces(ws, stepsOf(drawing), components.known);
  const checked = useChecked(ws, useSettled(drawing.document, 400)).data;
  const problems = useMemo(() => (stepsOf(drawing) && checked?.problems) || [], [drawing, checked]);
  const wrong = useMemo(() => bySteps(problems), [problems]);
  const run = useSubmitted(ws, draft.name);
  const jobs = useMemo(() => new Map(run.children.map((job) => [stepOf(job, run.shown?.name ?? ""), job])), [run]);
  const add = useCallback(
    (reference: string, spot?: Spot) => {
      const component = components.known.find((one) => one.reference === reference);
      if (component) change((now) => added(now, component, spot));
    },
    [components.known, change],
  );
  const flow = useReactFlow();
  const fit = useCallback(() => void flow.fitView({ maxZoom: 1, padding: 0.2 }), [flow]);
  const tidy = useCallback(
    () =>
      void tidied(drawing, interfaces).then((spots) => {
        change((now) => ({ ...now, spots }));
        requestAnimationFrame(() => requestAnimationFrame(fit)); // once they lie there
      }),
    [drawing, interfaces, change, fit],
  );
  const isScattered = Object.keys(stepsOf(drawing)).some((step) => !(step in drawing.spots));
  useEffect(() => {
    if (isScattered && !components.isPending) tidy(); // drawn by nobody yet: from YAML, or of a job
  }, [isScattered, components.isPending, tidy]);
  useShortcuts({
    drafting,
    chosen,
    setChosen,
    tidy,
    fit,
    search,
  });
  const only = chosen.size === 1 ? [...chosen][0] : undefined;
  const step = only !== undefined && only in stepsOf(drawing) ? only : undefined;
  return (
    <div className="designer">
      <Toolbar
        ws={ws}
        draft={draft.name}
        drafting={drafting}
        chosen={chosen}
        isValid={checked?.valid ?? false}
        run={run}
        onTidy={tidy}
        onYaml={() => setYaml(true)}
      />
      <Overtaken ws={ws} name={draft.name} drafting={drafting} />
      <ComponentList known={components.known} isPending={components.isPending} box={search} onAdd={add} />
      <Canvas
        drawing={drawing}
        interfaces={interfaces}
        jobs={jobs}
        wrong={wrong}
        chosen={chosen}
        onChoose={setChosen}
        onChange={change}
        onSay={say}
        onDrop={add}
      />
      <p className="canvas-said" role="status">
        {said}
        {said && (
          <button className="button plain" onClick={() => say("")}>
            Close
          </button>
        )}
      </p>
      <aside className="inspector" aria-label="Details">
        {step === undefined ? (
          <PipelinePanel
            ws={ws}
            drawing={drawing}
            checked={checked}
            run={run}
            onChange={change}
            onChoose={(name) => setChosen(new Set([name]))}
          />
        ) : (
          <Inspector
            name={step}
            drawing={drawing}
            interfaces={interfaces}
            job={jobs.get(step)}
            problems={problems.filter(({ field }) => field.startsWith(`jobs.${step}.`)).map(({ message }) => message)}
            onChange={change}
            onRenamed={(name) => setChosen(new Set([name]))}
          />
        )}
      </aside>
      {isYaml && <YamlDialog ws={ws} drawing={drawing} onClose={() => setYaml(false)} onChange={change} />}
    </div>
  );
}

/** Two people at one draft: nobody's work is lost, and whose stays is for them to say. */
function Overtaken({ ws, name, drafting }: { ws: string; name: string; drafting: Drafting }) {
  const go = useNavigate();
  const [error, setError] = useState<Error>();
  const { saved, drawing, load } = drafting;
  if (saved.is !== "overtaken") return null;
  const act = (doing: Promise<void>) => void doing.catch((wrong: unknown) => setError(wrong as Error));
  return (
    <div className="overtaken" role="alert">
      <p className="grow">{saved.why}</p>
      {error && <Refusal error={error} />}
      <button className="button" onClick={() => act(readDraft(ws, name).then(load))}>
        Load theirs
      </button>
      <button
        className="button primary"
        onClick={() =>
          act(
            makeDraft(ws, { ...drawing, title: `${drawing.title || name} (mine)` }).then((made) =>
              go({ to: "/designer/$name", params: { name: made.name }, search: (was) => ({ ws: was.ws }) }),
            ),
          )
        }
      >
        Save mine as a copy
      </button>
    </div>
  );
}

export interface Submitted {
  /** The newest first. */
  jobs: Job[];
  shown: Job | undefined;
  children: Job[];
  submit: (drawing: Drawing) => Promise<Job>;
}

/** The jobs that were made of a draft, and how the steps of one of them stand. */
function useSubmitted(ws: string, draft: string): Submitted {
  const { job } = useSearch({ from: "/designer/$name" });
  const wanted = useMemo(() => ({ filter: `tags.${TAG} = "${draft}"` }), [draft]);
  const found = useJobs(ws, wanted);
  const jobs = useMemo(() => flat(found.data?.pages ?? []), [found.data]);
  const shown = jobs.find(({ name }) => name === job) ?? jobs[0];
  const parent = shown?.name ?? "";
  const below = useJobs(
    ws,
    useMemo(() => ({ filter: "", parent: parent || "-" }), [parent]),
  );
  const children = useMemo(() => (parent ? flat(below.data?.pages ?? []) : []), [parent, below.data]);
  const { refetch } = found;
  const send = useCallback(
    async (drawing: Drawing) => {
      const made = await submit(ws, draft, drawing);
      await refetch();
      return made;
    },
    [ws, draft, refetch],
  );
  return useMemo(() => ({ jobs, shown, children, submit: send }), [jobs, shown, children, send]);
}

/** A child's name is its parent's and its step's. */
function stepOf(job: Job, parent: string): string {
  return job.name.startsWith(`${parent}_`) ? job.name.slice(parent.length + 1) : (job.spec.display_name ?? job.name);
}

function bySteps(problems: readonly { field: string; message: string }[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { field, message } of problems) {
    const step = /^jobs\.([^.]+)/.exec(field)?.[1];
    if (step && !found.has(step)) found.set(step, message);
  }
  return found;
}

/** A step of a component; where nobody said where, right of what lies there. */
function added(now: Drawing, { reference, name, type }: Known, spot?: Spot): Drawing {
  const right = Math.max(-WIDTH - 60, ...Object.values(now.spots).map(({ x }) => x));
  const top = Math.min(...Object.values(now.spots).map(({ y }) => y), 0);
  const fresh = freeName(stepsOf(now), name);
  return withStep(now, fresh, { type, component: reference }, spot ?? { x: right + WIDTH + 60, y: top });
}

async function tidied(drawing: Drawing, interfaces: Record<string, Interface>): Promise<Record<string, Spot>> {
  const steps = Object.keys(stepsOf(drawing));
  const heights = Object.fromEntries(
    steps.map((step) => [step, heightOf(interfaces[step] ?? { title: "", description: "", inputs: {}, outputs: {} })]),
  );
  const edges = bondsOf(drawing).map(({ from, to }) => ({ from, to, label: "" }));
  return placedOnce({ steps, edges, direction: "LR", heights });
}
