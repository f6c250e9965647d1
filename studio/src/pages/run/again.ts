/** A job's document as it was submitted, for submitting it again. Pure. */
import type { JobSpec } from "../../api/jobs";

/** What the server has written into it since. */
const OF_THE_RUN = ["name", "properties", "services", "status"];
const AGAIN = /-again-[0-9a-z]+$/;
const MOST = 230;

export function documentOf(spec: JobSpec): Record<string, unknown> {
  return Object.fromEntries(Object.entries(spec).filter(([key]) => !OF_THE_RUN.includes(key)));
}

export function nameAgain(name: string, chance: number): string {
  return `${name.replace(AGAIN, "").slice(0, MOST)}-again-${Math.floor(chance * 36 ** 5).toString(36)}`;
}
