/** What an endpoint can be asked, read from its API description: a form where it says enough, and an example. */
import { isRecord } from "../../lib/yaml";

export interface Column {
  name: string;
  type: string;
}

export interface Asked {
  /** The columns of a table that is sent; empty where the description names none. */
  columns: Column[];
  /** What may be sent, written out. */
  example: string;
}

type Schema = Record<string, unknown>;
const DEEPEST = 6;

export function askedOf(swagger: unknown): Asked {
  const input = at(swagger, "definitions", "ServiceInput") ?? at(swagger, "components", "schemas", "ServiceInput");
  if (!isRecord(input)) return { columns: [], example: "{}" };
  return { columns: columnsOf(input), example: JSON.stringify(exampleOf(input), null, 2) };
}

/** Rows as such a model reads them; what is typed is a number, a truth or a text, as its column says. */
export function bodyOf(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const data = rows.map((row) => columns.map(({ type }, place) => valueOf(row[place] ?? "", type)));
  return JSON.stringify(
    { input_data: { columns: columns.map(({ name }) => name), index: rows.map((_, n) => n), data } },
    null,
    2,
  );
}

/** The rows of a text that `bodyOf` could have made; nothing where it is something else. */
export function rowsOf(columns: readonly Column[], text: string): string[][] | undefined {
  try {
    const body: unknown = JSON.parse(text);
    const data = at(body, "input_data", "data");
    const names = at(body, "input_data", "columns");
    const isSame = Array.isArray(names) && columns.every(({ name }, place) => names[place] === name);
    if (!isSame || !Array.isArray(data) || !data.every((row) => Array.isArray(row))) return undefined;
    return data.map((row) => (row as unknown[]).map(written));
  } catch {
    return undefined;
  }
}

function columnsOf(input: Schema): Column[] {
  const names = at(input, "properties", "input_data", "properties", "columns", "items", "enum");
  if (!Array.isArray(names)) return [];
  return names.map((name) => {
    const said = at(input, "x-columns", String(name));
    return { name: String(name), type: isRecord(said) ? String(said.type ?? "") : "" };
  });
}

const PLAIN: Record<string, unknown> = { number: 0, integer: 0, boolean: false, string: "" };

function exampleOf(schema: unknown, depth = 0): unknown {
  if (!isRecord(schema) || depth > DEEPEST) return null;
  const said =
    schema.example ?? schema.default ?? (Array.isArray(schema.enum) ? (schema.enum as unknown[])[0] : undefined);
  if (said !== undefined) return said;
  if (schema.type === "object") return ofObject(schema.properties, depth + 1);
  if (schema.type === "array") return schema.items === undefined ? [] : [exampleOf(schema.items, depth + 1)];
  return PLAIN[String(schema.type)] ?? null;
}

function ofObject(properties: unknown, depth: number): Record<string, unknown> {
  const named = isRecord(properties) ? Object.entries(properties) : [];
  return Object.fromEntries(named.map(([name, inner]) => [name, exampleOf(inner, depth)]));
}

function valueOf(text: string, type: string): unknown {
  const trimmed = text.trim();
  if (type === "boolean") return trimmed === "true" || trimmed === "1";
  if (type === "string") return text;
  if (trimmed === "") return null;
  const read = Number(trimmed);
  return Number.isNaN(read) ? text : read;
}

function written(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function at(value: unknown, ...names: string[]): unknown {
  return names.reduce<unknown>((found, name) => (isRecord(found) ? found[name] : undefined), value);
}
