/** Components: what they take, what they give, and how they are written. */
import type { Resource } from "./resources";

export interface Port {
  type?: string;
  description?: string;
  default?: unknown;
  optional?: boolean;
  min?: number;
  max?: number;
  enum?: unknown[];
  mode?: string;
}

export interface ComponentSpec extends Record<string, unknown> {
  name: string;
  display_name?: string;
  description?: string;
  type: string;
  inputs?: Record<string, Port>;
  outputs?: Record<string, Port>;
  command?: string;
  code?: string;
  environment?: string;
  tags?: Record<string, string>;
  jobs?: Record<string, Record<string, unknown>>;
}

export type Component = Resource<ComponentSpec>;

/** Types of data; an input of any other type is a value that is typed in. */
const DATA = ["uri_file", "uri_folder", "mltable", "mlflow_model", "custom_model", "triton_model"];

export function isData(port: Port): boolean {
  return DATA.includes(port.type ?? "uri_folder");
}

/** What may be typed in: `0.05 to 0.5`, `long or wide`. */
export function boundsOf({ min, max, enum: choices }: Port): string {
  if (choices?.length) return choices.map(String).join(" or ");
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  if (min !== undefined) return `at least ${min}`;
  return max !== undefined ? `at most ${max}` : "";
}
