/** A cron line in five parts, and the lines that people mean most. */

export const PARTS = ["Minute", "Hour", "Day of month", "Month", "Weekday"] as const;

export const USUAL: readonly (readonly [line: string, words: string])[] = [
  ["0 * * * *", "Every hour"],
  ["0 6 * * *", "Every day at six"],
  ["0 6 * * 1-5", "Weekdays at six"],
  ["0 6 * * 1", "Mondays at six"],
  ["0 6 1 * *", "The first of the month"],
];

/** Always five; what there is more stays in the last, so that the server can say that it is wrong. */
export function partsOf(line: string): string[] {
  const found = line.trim().split(/\s+/);
  const last = found.slice(PARTS.length - 1).join(" ");
  return PARTS.map((_, at) => (at === PARTS.length - 1 ? last : (found[at] ?? "")));
}

export function lineOf(parts: readonly string[]): string {
  return parts.map((part) => part.trim()).join(" ");
}
