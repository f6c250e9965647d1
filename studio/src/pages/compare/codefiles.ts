/** The files of two codes, and in which of them they differ. Pure. */
import type { FileEntry } from "../../api/client";

export type Change = "same" | "changed" | "gone" | "new";

export interface Pair {
  path: string;
  change: Change;
  before?: FileEntry;
  after?: FileEntry;
}

const ORDER: readonly Change[] = ["changed", "new", "gone", "same"];

/** What differs comes first. */
export function paired(before: readonly FileEntry[], after: readonly FileEntry[]): Pair[] {
  const old = new Map(before.map((file) => [file.path, file]));
  const now = new Map(after.map((file) => [file.path, file]));
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((path) => ({ path, before: old.get(path), after: now.get(path) }))
    .map((pair) => ({ ...pair, change: changeOf(pair.before, pair.after) }))
    .sort((a, b) => ORDER.indexOf(a.change) - ORDER.indexOf(b.change) || a.path.localeCompare(b.path));
}

function changeOf(before?: FileEntry, after?: FileEntry): Change {
  if (!before) return "new";
  if (!after) return "gone";
  return before.digest === after.digest && before.size === after.size ? "same" : "changed";
}
