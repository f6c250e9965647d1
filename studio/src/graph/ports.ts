/** What a component takes and leaves: which of it are ports, which are values, and which port fits which. */

export interface Declared {
  type?: string;
  description?: string;
  optional?: boolean;
  default?: unknown;
  enum?: unknown[];
  min?: number;
  max?: number;
}

export interface Interface {
  title: string;
  description: string;
  inputs: Record<string, Declared>;
  outputs: Record<string, Declared>;
}

const VALUES = ["integer", "number", "string", "boolean"];
const DATA = ["uri_file", "uri_folder", "mltable"];
const MODELS = ["custom_model", "mlflow_model", "triton_model"];

export const isValue = (declared: Declared) => VALUES.includes(declared.type ?? "");

/** An input that must be given something before the pipeline can run. */
export const isNeeded = (declared: Declared) =>
  !declared.optional && (declared.default === undefined || declared.default === null);

/** The family whose colour a port has. */
export function family(type: string | undefined): "data" | "model" | "any" {
  if (DATA.includes(type ?? "")) return "data";
  return MODELS.includes(type ?? "") ? "model" : "any";
}

/** Why an output cannot go to an input; nothing where it can. Types of one family go: the server notes the difference. */
export function misfit(from: Declared, to: Declared): string | undefined {
  const [left, taken] = [family(from.type), family(to.type)];
  if (left === "any" || taken === "any" || left === taken) return undefined;
  return `this output is a ${from.type}, and the input takes a ${to.type}`;
}

/** The interface of a registered component, of one written out, or of a job that stands as a step. */
export function interfaceOf(spec: Record<string, unknown>, name: string): Interface {
  return {
    title: text(spec.display_name) || name,
    description: text(spec.description),
    inputs: declared(spec.inputs),
    outputs: declared(spec.outputs),
  };
}

/** What is wrong with a value, in a few words; the server has the last one. */
export function wrongValue(declared: Declared, value: unknown): string | undefined {
  if (value === undefined || value === "") return isNeeded(declared) ? "needed" : undefined;
  if (typeof value === "string" && value.includes("${{")) return undefined;
  return wrongKind(declared, value) ?? (typeof value === "number" ? wrongSize(declared, value) : undefined);
}

function wrongKind({ type }: Declared, value: unknown): string | undefined {
  if (type === "integer" && !Number.isInteger(value)) return "expected a whole number";
  return type === "number" && typeof value !== "number" ? "expected a number" : undefined;
}

function wrongSize({ min, max }: Declared, value: number): string | undefined {
  if (min !== undefined && value < min) return `expected ${min} or more`;
  return max !== undefined && value > max ? `expected ${max} or less` : undefined;
}

function declared(said: unknown): Record<string, Declared> {
  if (typeof said !== "object" || said === null) return {};
  return Object.fromEntries(Object.entries(said).map(([name, one]) => [name, asDeclared(one)]));
}

function asDeclared(one: unknown): Declared {
  return typeof one === "object" && one !== null ? one : {};
}

const text = (value: unknown) => (typeof value === "string" ? value : "");
