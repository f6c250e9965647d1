/** Two texts line by line: what stays, what goes, what comes. Myers' shortest edit, bounded. Pure. */

export interface Line {
  kind: "same" | "gone" | "new";
  text: string;
  /** Numbers from 1 in the text before and in the text after. */
  before?: number;
  after?: number;
}

export interface Fold {
  kind: "fold";
  lines: Line[];
}

/** Edits beyond which the middle is shown as replaced: the search costs their square. */
const MOST_EDITS = 2000;

export function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

export function diff(before: readonly string[], after: readonly string[]): Line[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const a = before.slice(head, before.length - tail);
  const b = after.slice(head, after.length - tail);
  const kinds: Line["kind"][] = [
    ...Array<"same">(head).fill("same"),
    ...edits(a, b),
    ...Array<"same">(tail).fill("same"),
  ];
  return numbered(kinds, before, after);
}

/** Stretches without a change, folded but for `context` lines around each change. */
export function folded(lines: readonly Line[], context = 3): (Line | Fold)[] {
  const isNear = new Uint8Array(lines.length);
  lines.forEach(({ kind }, at) => {
    if (kind !== "same") isNear.fill(1, Math.max(0, at - context), at + context + 1);
  });
  const shown: (Line | Fold)[] = [];
  let hidden: Line[] = [];
  const close = () => {
    if (hidden.length > 1) shown.push({ kind: "fold", lines: hidden });
    else shown.push(...hidden);
    hidden = [];
  };
  lines.forEach((line, at) => {
    if (!isNear[at]) return void hidden.push(line);
    close();
    shown.push(line);
  });
  close();
  return shown;
}

function numbered(kinds: readonly Line["kind"][], before: readonly string[], after: readonly string[]): Line[] {
  let old = 0;
  let now = 0;
  return kinds.map((kind) => {
    if (kind === "gone") return { kind, text: before[old] ?? "", before: (old += 1) };
    if (kind === "new") return { kind, text: after[now] ?? "", after: (now += 1) };
    return { kind, text: before[old] ?? "", before: (old += 1), after: (now += 1) };
  });
}

function edits(a: readonly string[], b: readonly string[]): Line["kind"][] {
  const trace = searched(a, b);
  if (!trace) return [...a.map(() => "gone" as const), ...b.map(() => "new" as const)];
  return walkedBack(trace, a.length, b.length);
}

/** For each number of edits how far every diagonal reaches; nothing where there are too many. */
function searched(a: readonly string[], b: readonly string[]): Int32Array[] | undefined {
  const trace: Int32Array[] = [];
  const most = Math.min(a.length + b.length, MOST_EDITS);
  let reach = new Int32Array(3);
  for (let edit = 0; edit <= most; edit += 1) {
    trace.push(reach);
    const next = new Int32Array(2 * edit + 5);
    for (let diagonal = -edit; diagonal <= edit; diagonal += 2) {
      let x = begun(reach, edit, diagonal);
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x += 1;
      next[diagonal + edit + 2] = x;
      if (x >= a.length && x - diagonal >= b.length) return trace;
    }
    reach = next;
  }
  return undefined;
}

/** `reach` is that of one edit less, whose diagonal d lies at d + edit + 1. */
function begun(reach: Int32Array, edit: number, diagonal: number): number {
  if (edit === 0) return 0;
  const above = reach[diagonal + 1 + edit + 1] ?? 0;
  const left = reach[diagonal - 1 + edit + 1] ?? 0;
  return isDown(edit, diagonal, left, above) ? above : left + 1;
}

const isDown = (edit: number, diagonal: number, left: number, above: number) =>
  diagonal === -edit || (diagonal !== edit && left < above);

function walkedBack(trace: readonly Int32Array[], width: number, height: number): Line["kind"][] {
  const kinds: Line["kind"][] = [];
  let x = width;
  let y = height;
  for (let edit = trace.length - 1; edit > 0; edit -= 1) {
    const { down, from } = stepInto(trace[edit] ?? new Int32Array(), edit, x - y);
    const begins = down ? from : from + 1;
    for (; x > begins; x -= 1, y -= 1) kinds.push("same");
    kinds.push(down ? "new" : "gone");
    y -= down ? 1 : 0;
    x = from;
  }
  return [...Array<"same">(x).fill("same"), ...kinds.reverse()];
}

/** The edit that led to a diagonal, and how far the text before was read by then. */
function stepInto(reach: Int32Array, edit: number, diagonal: number): { down: boolean; from: number } {
  const above = reach[diagonal + 1 + edit + 1] ?? 0;
  const left = reach[diagonal - 1 + edit + 1] ?? 0;
  const down = isDown(edit, diagonal, left, above);
  return { down, from: down ? above : left };
}
