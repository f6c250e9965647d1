/** A notebook's document as cells with outputs, whatever of nbformat 3 and 4 it keeps to. Pure. */

export type Output =
  | { kind: "text"; text: string }
  | { kind: "error"; text: string }
  | { kind: "image"; source: string }
  | { kind: "html"; html: string };

export interface Cell {
  kind: "code" | "markdown" | "raw";
  source: string;
  count: number | null;
  outputs: Output[];
}

const ANSI = /\u001b\[[0-9;]*[A-Za-z]/g;

/** Raises an error that says what is not as a notebook has it. */
export function cellsOf(text: string): Cell[] {
  const read: unknown = JSON.parse(text);
  const cells = list(at(read, "cells")) ?? list(at(list(at(read, "worksheets"))?.[0], "cells"));
  if (!cells) throw new Error("it has no cells");
  return cells.map((cell) => {
    const kind = at(cell, "cell_type");
    return {
      kind: kind === "markdown" || kind === "raw" ? kind : "code",
      source: joined(at(cell, "source") ?? at(cell, "input")),
      count: typeof at(cell, "execution_count") === "number" ? (at(cell, "execution_count") as number) : null,
      outputs: (list(at(cell, "outputs")) ?? []).map(outputOf),
    };
  });
}

function outputOf(output: unknown): Output {
  const kind = at(output, "output_type");
  if (kind === "stream") return { kind: "text", text: joined(at(output, "text")).replaceAll(ANSI, "") };
  if (kind === "error") {
    const trace = list(at(output, "traceback"))?.map(String).join("\n") ?? "";
    return { kind: "error", text: (trace || joined(at(output, "evalue"))).replaceAll(ANSI, "") };
  }
  const data = at(output, "data") ?? {};
  for (const type of ["image/png", "image/jpeg", "image/gif"]) {
    const found = at(data, type);
    if (found)
      return { kind: "image", source: `data:${type};base64,${joined(found).replaceAll(/[^A-Za-z0-9+/=]/g, "")}` };
  }
  const html = at(data, "text/html");
  if (html) return { kind: "html", html: joined(html) };
  return { kind: "text", text: joined(at(data, "text/plain") ?? at(output, "text")) };
}

function at(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function list(value: unknown): unknown[] | undefined {
  return Array.isArray(value) ? (value as unknown[]) : undefined;
}

function joined(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join("");
  return typeof value === "string" ? value : "";
}
