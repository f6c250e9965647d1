/** Pages of a list that is shown while it changes: what is new comes to the top, and nothing is shown twice. */
import type { Job, JobPage } from "./jobs";

/** All jobs of all pages, each once; of two with one name the first, which is the newer answer. */
export function flat(pages: readonly JobPage[]): Job[] {
  const seen = new Set<string>();
  return pages.flatMap((page) => page.jobs).filter((job) => !seen.has(job.name) && seen.add(job.name));
}

/** The first page read again: what it no longer reaches, since new jobs came before, stays as it was. */
export function mergeFirst(fresh: JobPage, old: JobPage): JobPage {
  const oldest = fresh.jobs.at(-1)?.system.created_at;
  if (!fresh.more || oldest === undefined) return fresh;
  const names = new Set(fresh.jobs.map((job) => job.name));
  const further = old.jobs.filter((job) => !names.has(job.name) && job.system.created_at <= oldest);
  return { jobs: [...fresh.jobs, ...further], more: old.more || further.length === 0 };
}

/** The pages with `found` in place of what they had under these names; `null` is one that no longer belongs there. */
export function patched(pages: readonly JobPage[], found: ReadonlyMap<string, Job | null>): JobPage[] {
  return pages.map((page) => ({
    ...page,
    jobs: page.jobs.flatMap((job) => {
      const now = found.get(job.name);
      return now === undefined ? [job] : now === null ? [] : [now];
    }),
  }));
}
