/** What a pipeline that is being drawn takes and leaves itself: its inputs, whom they go to, and the outputs it shows. Pure. */
import { type Drawing, stepsOf, withInput } from "./drawing";
import { type Declared, family, isValue } from "./ports";

export const TYPES = ["string", "number", "boolean", "uri_file", "uri_folder", "mltable", "custom_model", "mlflow_model"]; // prettier-ignore

export interface End {
  name: string;
  type: string;
  /** What it is where nobody says otherwise: a value, or the path of data. */
  value: unknown;
}

const BOUND = /^\$\{\{\s*parent\.inputs\.([^.}\s]+)\s*\}\}$/;

export const fromInput = (name: string) => `\${{parent.inputs.${name}}}`;
const toOutput = (name: string) => `\${{parent.outputs.${name}}}`;

export function inputsOf(drawing: Drawing): End[] {
  return Object.entries(recordOf(drawing.document.inputs)).map(([name, said]) => {
    if (typeof said !== "object" || said === null) return { name, type: typeOf(said), value: said };
    const { type, path, value, default: standing } = said as Record<string, unknown>;
    return { name, type: typeof type === "string" ? type : "uri_folder", value: path ?? value ?? standing };
  });
}

/** The pipeline's input that a step's input is bound to. */
export function inputNamed(value: unknown): string | undefined {
  const said = typeof value === "object" && value !== null && "path" in value ? value.path : value;
  return typeof said === "string" ? BOUND.exec(said.trim())?.[1] : undefined;
}

/** Which of the pipeline's inputs a step's input could be given. */
export function fitting(drawing: Drawing, declared: Declared): string[] {
  const fits = (end: End) =>
    isValue(declared) ? valueFits(end, declared.type) : !isValue(end) && portFits(end.type, declared.type);
  return inputsOf(drawing)
    .filter(fits)
    .map(({ name }) => name);
}

export function withEnd(drawing: Drawing, { name, type, value }: End): Drawing {
  const said = isValue({ type }) ? (value ?? empty(type)) : { type, ...(value ? { path: value } : {}) };
  return withInputs(drawing, { ...recordOf(drawing.document.inputs), [name]: said });
}

/** Without an input; the steps that took it wait for another. */
export function withoutEnd(drawing: Drawing, name: string): Drawing {
  const kept = Object.entries(recordOf(drawing.document.inputs)).filter(([each]) => each !== name);
  return rebound(withInputs(drawing, Object.fromEntries(kept)), name, undefined);
}

export function renamedEnd(drawing: Drawing, was: string, name: string): Drawing {
  const inputs = Object.entries(recordOf(drawing.document.inputs)).map(([each, said]) => [
    each === was ? name : each,
    said,
  ]);
  return rebound(withInputs(drawing, Object.fromEntries(inputs) as Record<string, unknown>), was, fromInput(name));
}

/** The pipeline's output that a step's output is shown as. */
export function shownAs(drawing: Drawing, step: string, output: string): string | undefined {
  const said = recordOf(stepsOf(drawing)[step]?.outputs)[output];
  const path = typeof said === "object" && said !== null && "path" in said ? said.path : said;
  return typeof path === "string" ? /^\$\{\{\s*parent\.outputs\.([^.}\s]+)/.exec(path)?.[1] : undefined;
}

/** A step's output as one of the pipeline, or no longer. */
export function withShown(drawing: Drawing, step: string, output: string, type: string): Drawing {
  const was = shownAs(drawing, step, output);
  const outputs = recordOf(drawing.document.outputs);
  const own = recordOf(stepsOf(drawing)[step]?.outputs);
  if (was !== undefined) return withOutputs(drawing, step, less(outputs, was), less(own, output));
  const name = output in outputs ? `${step}_${output}` : output;
  return withOutputs(drawing, step, { ...outputs, [name]: { type } }, { ...own, [output]: toOutput(name) });
}

function withOutputs(drawing: Drawing, step: string, whole: object, own: Record<string, unknown>): Drawing {
  const jobs = { ...stepsOf(drawing), [step]: { ...stepsOf(drawing)[step], outputs: own } };
  return { ...drawing, document: { ...drawing.document, outputs: whole, jobs } };
}

function withInputs(drawing: Drawing, inputs: Record<string, unknown>): Drawing {
  return { ...drawing, document: { ...drawing.document, inputs } };
}

function rebound(drawing: Drawing, name: string, to: string | undefined): Drawing {
  let next = drawing;
  for (const [step, { inputs }] of Object.entries(stepsOf(drawing))) {
    for (const [input, value] of Object.entries(inputs ?? {})) {
      if (inputNamed(value) === name) next = withInput(next, step, input, to);
    }
  }
  return next;
}

function valueFits({ type, value }: End, wanted: string | undefined): boolean {
  return (
    type === wanted || (wanted === "integer" && Number.isInteger(value)) || (wanted === "string" && isValue({ type }))
  );
}

function portFits(type: string, wanted: string | undefined): boolean {
  return family(wanted) === "any" || family(type) === family(wanted);
}

function typeOf(value: unknown): string {
  return typeof value === "boolean" || typeof value === "number" ? typeof value : "string";
}

function empty(type: string): unknown {
  return type === "boolean" ? false : type === "string" ? "" : 0;
}

function less(all: Record<string, unknown>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(all).filter(([each]) => each !== name));
}

function recordOf(said: unknown): Record<string, unknown> {
  return typeof said === "object" && said !== null ? (said as Record<string, unknown>) : {};
}
