/** Axes of parallel coordinates, and where values lie on them. Pure. */

export interface Item {
  name: string;
  values: Readonly<Record<string, number | string>>;
}

export interface Axis {
  key: string;
  /** For numbers: least and most. */
  ends?: [number, number];
  /** For words: in order. */
  words?: string[];
}

/** A span of an axis, from 0 (bottom) to 1 (top). */
export type Span = readonly [number, number];

const MOST_WORDS = 12;
const LONGEST = 24;

/** The keys on which items differ, in the order given; words that are many or long say nothing here. */
export function axesOf(items: readonly Item[], keys: readonly string[]): Axis[] {
  return keys.flatMap((key): Axis[] => {
    const found = items.map(({ values }) => values[key]).filter((value) => value !== undefined);
    const distinct = [...new Set(found)];
    if (distinct.length < 2) return [];
    const numbers = found.map(Number);
    if (numbers.every(Number.isFinite)) {
      return [{ key, ends: [Math.min(...numbers), Math.max(...numbers)] }];
    }
    const isLong = distinct.some((word) => String(word).length > LONGEST);
    return isLong || distinct.length > MOST_WORDS ? [] : [{ key, words: distinct.map(String).sort() }];
  });
}

/** 0 to 1 along the axis; nothing where the item has no value there. */
export function placeOn({ key, ends, words }: Axis, { values }: Item): number | undefined {
  const value = values[key];
  if (value === undefined) return undefined;
  if (ends) {
    const read = Number(value);
    return Number.isFinite(read) ? (read - ends[0]) / (ends[1] - ends[0] || 1) : undefined;
  }
  const at = words?.indexOf(String(value)) ?? -1;
  return at < 0 || !words ? undefined : words.length === 1 ? 0.5 : at / (words.length - 1);
}

/** The items that lie in every span. */
export function within(items: readonly Item[], axes: readonly Axis[], spans: ReadonlyMap<string, Span>): Item[] {
  const held = axes.flatMap((axis) => {
    const span = spans.get(axis.key);
    return span ? [[axis, span] as const] : [];
  });
  return items.filter((item) =>
    held.every(([axis, [low, high]]) => {
      const place = placeOn(axis, item);
      return place !== undefined && place >= low && place <= high;
    }),
  );
}
