/** Numbers, times and sizes as people read them; the browser's own Intl does the words. */

const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const EXACT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

export function ago(iso: string, now: number): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  if (Math.abs(seconds) < 45) return "just now";
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return RELATIVE.format(Math.round(seconds / size), unit);
  }
  return RELATIVE.format(-1, "minute");
}

export function exact(iso: string | number): string {
  return EXACT.format(new Date(iso));
}

/** `49ms`, `2.4s`, `12s`, `12m 4s`, `3h 5m`, `2d 4h`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return "–";
  if (seconds < 1) return `${Math.round(seconds * 1000)}ms`;
  if (seconds < 10) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${whole % 60}s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)}h ${Math.floor((whole % 3600) / 60)}m`;
  return `${Math.floor(whole / 86_400)}d ${Math.floor((whole % 86_400) / 3600)}h`;
}

export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = count;
  let at = 0;
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000;
    at += 1;
  }
  return `${at === 0 ? value : value.toPrecision(3)} ${units[at] ?? ""}`;
}

/** Six significant digits, without a tail of zeros. */
export function number(value: number | string): string {
  const read = Number(value);
  if (!Number.isFinite(read)) return String(value);
  const size = Math.abs(read);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return read.toExponential(3);
  return new Intl.NumberFormat("en", { maximumSignificantDigits: 6 }).format(read);
}

export function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** Who did something: a person by their name alone, jobs and the platform as what they are. */
export function actor(subject: string): string {
  return subject.replace(/^user:/, "");
}
