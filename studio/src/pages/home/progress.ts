/** How far a job is, where that can be known: steps of a pipeline, trials of a sweep. */
import type { Job } from "../../api/jobs";
import type { Why } from "../../api/why";

export interface Progress {
  done: number;
  /** 0 where nobody knows. */
  of: number;
  word: string;
}

export function progressOf(job: Job, why: Why | undefined): Progress {
  if (why?.steps?.length) {
    const done = why.steps.filter(({ state }) => state === "done").length;
    return { done, of: why.steps.length, word: `${done} of ${why.steps.length} steps` };
  }
  const most = job.spec.limits?.max_total_trials;
  if (job.spec.type === "sweep" && most) {
    const done = job.state.trials?.ended ?? 0;
    return { done: Math.min(done, most), of: most, word: `${done} of ${most} trials` };
  }
  return { done: 0, of: 0, word: job.state.compute ?? "" };
}
