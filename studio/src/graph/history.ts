/** What was before and what was undone. Changes that go on, such as typing, are one step back. */

export interface History<T> {
  past: readonly T[];
  now: T;
  future: readonly T[];
  /** What the last change was about; the next one about the same is a part of it. */
  about: string;
}

const MOST = 200;

export type Move<T> =
  { do: "change"; to: (now: T) => T; about?: string } | { do: "undo" } | { do: "redo" } | { do: "load"; what: T };

export function begun<T>(now: T): History<T> {
  return { past: [], now, future: [], about: "" };
}

export function moved<T>(history: History<T>, move: Move<T>): History<T> {
  const { past, now, future } = history;
  if (move.do === "load") return begun(move.what);
  if (move.do === "undo") {
    const before = past.at(-1);
    return before === undefined
      ? history
      : { past: past.slice(0, -1), now: before, future: [now, ...future], about: "" };
  }
  if (move.do === "redo") {
    const [after, ...rest] = future;
    return after === undefined ? history : { past: [...past, now], now: after, future: rest, about: "" };
  }
  const next = move.to(now);
  if (next === now) return history;
  const goesOn = move.about !== undefined && move.about === history.about;
  return { past: goesOn ? past : [...past, now].slice(-MOST), now: next, future: [], about: move.about ?? "" };
}
