/** Ten colours that people who confuse red and green tell apart too; a run has the same one on every page. */

export const COLORS = [
  "#1f6feb", "#d9730d", "#0f9960", "#a34bd9", "#d13b5c", "#0b7fab", "#8a6d00", "#5b6875", "#e255a1", "#3d8b37",
] as const; // prettier-ignore

/** FNV-1a of the name: the same everywhere, without anybody having to remember it. */
export function colorOf(run: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < run.length; at += 1) hash = Math.imul(hash ^ run.charCodeAt(at), 0x01000193) >>> 0;
  return COLORS[hash % COLORS.length] ?? COLORS[0];
}

/** For runs that are shown together: each its own colour as far as there are any, and dashes beyond. */
export function colorsOf(runs: readonly string[]): Map<string, { color: string; dash: number[] }> {
  const taken = new Map<string, number>();
  return new Map(
    runs.map((run) => {
      const wanted = COLORS.indexOf(colorOf(run) as (typeof COLORS)[number]);
      const uses = (place: number) => taken.get(COLORS[place % COLORS.length] ?? "") ?? 0;
      let place = wanted;
      for (let step = 0; step < COLORS.length; step += 1) {
        if (uses(wanted + step) < uses(place)) place = wanted + step;
      }
      const color = COLORS[place % COLORS.length] ?? COLORS[0];
      const round = taken.get(color) ?? 0;
      taken.set(color, round + 1);
      return [run, { color, dash: round === 0 ? [] : [4 + 2 * round, 3] }] as const;
    }),
  );
}
