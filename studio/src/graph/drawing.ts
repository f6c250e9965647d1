/** A pipeline that is being drawn: every change makes a new one, so that each can be undone. */

export interface DrawnStep {
  type?: string;
  component?: string | Record<string, unknown>;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  [more: string]: unknown;
}

export interface Pipeline {
  type?: string;
  jobs?: Record<string, DrawnStep>;
  settings?: Record<string, unknown>;
  [more: string]: unknown;
}

export interface Spot {
  x: number;
  y: number;
}

export interface Note extends Spot {
  id: string;
  text: string;
}

export interface Group {
  id: string;
  title: string;
  steps: string[];
}

export interface Drawing {
  title: string;
  document: Pipeline;
  spots: Record<string, Spot>;
  notes: Note[];
  groups: Group[];
}

export interface Bond {
  from: string;
  output: string;
  to: string;
  input: string;
}

export const EMPTY: Drawing = {
  title: "",
  document: { type: "pipeline", settings: { default_compute: "azureml:local" }, jobs: {} },
  spots: {},
  notes: [],
  groups: [],
};

const BOUND = /^\$\{\{\s*parent\.jobs\.([^.}\s]+)\.outputs\.([^.}\s]+)\s*\}\}$/;

export const bindingTo = (step: string, output: string) => `\${{parent.jobs.${step}.outputs.${output}}}`;

export const stepsOf = (drawing: Drawing) => drawing.document.jobs ?? {};

/** The step and output that an input is bound to. */
export function boundTo(value: unknown): { from: string; output: string } | undefined {
  const said = typeof value === "object" && value !== null && "path" in value ? value.path : value;
  const found = typeof said === "string" ? BOUND.exec(said.trim()) : null;
  return found?.[1] && found[2] ? { from: found[1], output: found[2] } : undefined;
}

export function bondsOf(drawing: Drawing): Bond[] {
  const steps = stepsOf(drawing);
  return Object.entries(steps).flatMap(([to, step]) =>
    Object.entries(step.inputs ?? {}).flatMap(([input, value]) => {
      const bound = boundTo(value);
      return bound && bound.from in steps ? [{ ...bound, to, input }] : [];
    }),
  );
}

/** Whether a new bond would lead a step back to itself. */
export function makesCycle(drawing: Drawing, from: string, to: string): boolean {
  const bonds = bondsOf(drawing);
  const seen = new Set<string>();
  const open = [to];
  while (open.length > 0) {
    const step = open.pop() ?? "";
    if (step === from) return true;
    if (seen.has(step)) continue;
    seen.add(step);
    open.push(...bonds.filter((bond) => bond.from === step).map((bond) => bond.to));
  }
  return false;
}

/** A name for a step that no other has. */
export function freeName(taken: Readonly<Record<string, unknown>>, wanted: string): string {
  const bare = wanted.replace(/[^A-Za-z0-9_]+/g, "_").replace(/^(?![A-Za-z_])/, "s_") || "step";
  if (!(bare in taken)) return bare;
  const stem = bare.replace(/_\d+$/, "");
  for (let number = 2; ; number++) if (!(`${stem}_${number}` in taken)) return `${stem}_${number}`;
}

export function withStep(drawing: Drawing, name: string, step: DrawnStep, spot: Spot): Drawing {
  return {
    ...drawing,
    document: { ...drawing.document, jobs: { ...stepsOf(drawing), [name]: step } },
    spots: { ...drawing.spots, [name]: spot },
  };
}

/** An input's value; `undefined` takes it away. */
export function withInput(drawing: Drawing, step: string, input: string, value: unknown): Drawing {
  const was = stepsOf(drawing)[step];
  if (!was) return drawing;
  const others = Object.entries(was.inputs ?? {}).filter(([name]) => name !== input);
  const inputs = value === undefined ? Object.fromEntries(others) : { ...was.inputs, [input]: value };
  return withJobs(drawing, { ...stepsOf(drawing), [step]: { ...was, inputs } });
}

export function withBond(drawing: Drawing, { from, output, to, input }: Bond): Drawing {
  return withInput(drawing, to, input, bindingTo(from, output));
}

/** Without some steps and notes; what was bound to them is free again. */
export function without(drawing: Drawing, gone: ReadonlySet<string>): Drawing {
  const jobs = Object.fromEntries(
    Object.entries(stepsOf(drawing))
      .filter(([name]) => !gone.has(name))
      .map(([name, step]) => [name, freed(step, gone)]),
  );
  const groups = drawing.groups
    .filter(({ id }) => !gone.has(id))
    .map((group) => ({ ...group, steps: group.steps.filter((step) => !gone.has(step)) }))
    .filter(({ steps }) => steps.length > 0);
  return {
    ...withJobs(drawing, jobs),
    notes: drawing.notes.filter(({ id }) => !gone.has(id)),
    groups,
    spots: Object.fromEntries(Object.entries(drawing.spots).filter(([name]) => !gone.has(name))),
  };
}

/** A step by another name, wherever it is named. */
export function renamed(drawing: Drawing, was: string, name: string): Drawing {
  const jobs = Object.fromEntries(
    Object.entries(stepsOf(drawing)).map(([each, step]) => {
      const inputs = Object.fromEntries(
        Object.entries(step.inputs ?? {}).map(([input, value]) => {
          const bound = boundTo(value);
          return [input, bound?.from === was ? bindingTo(name, bound.output) : value];
        }),
      );
      return [each === was ? name : each, step.inputs ? { ...step, inputs } : step];
    }),
  );
  return {
    ...withJobs(drawing, jobs),
    spots: Object.fromEntries(Object.entries(drawing.spots).map(([each, at]) => [each === was ? name : each, at])),
    groups: drawing.groups.map((group) => ({
      ...group,
      steps: group.steps.map((step) => (step === was ? name : step)),
    })),
  };
}

/** Copies of steps beside them; bonds among the copied stay among the copies, those from outside stay as they are. */
export function copied(drawing: Drawing, steps: Readonly<Record<string, DrawnStep>>, by = 40): [Drawing, string[]] {
  const names: Record<string, string> = {};
  let next = drawing;
  for (const [name, step] of Object.entries(steps)) {
    const fresh = freeName(stepsOf(next), name);
    names[name] = fresh;
    const { x, y } = drawing.spots[name] ?? { x: 0, y: 0 };
    next = withStep(next, fresh, step, { x: x + by, y: y + by });
  }
  for (const fresh of Object.values(names)) {
    for (const [input, value] of Object.entries(stepsOf(next)[fresh]?.inputs ?? {})) {
      const bound = boundTo(value);
      const other = bound && names[bound.from];
      if (bound && other) next = withInput(next, fresh, input, bindingTo(other, bound.output));
    }
  }
  return [next, Object.values(names)];
}

function withJobs(drawing: Drawing, jobs: Record<string, DrawnStep>): Drawing {
  return { ...drawing, document: { ...drawing.document, jobs } };
}

function freed(step: DrawnStep, gone: ReadonlySet<string>): DrawnStep {
  const kept = Object.entries(step.inputs ?? {}).filter(([, value]) => !gone.has(boundTo(value)?.from ?? ""));
  return step.inputs ? { ...step, inputs: Object.fromEntries(kept) } : step;
}
