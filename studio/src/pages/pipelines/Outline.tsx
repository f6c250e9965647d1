/** All steps as a list: searched, filtered by status; choosing one finds it in the graph. */
import { useMemo, useState } from "react";
import { type Job, reusedFrom, type Status } from "../../api/jobs";
import { statusTone } from "../../kit/StatusBadge";

interface Props {
  steps: string[];
  jobs: ReadonlyMap<string, Job>;
  chosen: string | undefined;
  onChoose: (step: string) => void;
}

const isReused = (job: Job | undefined) => job !== undefined && reusedFrom(job) !== undefined;

export function Outline({ steps, jobs, chosen, onChoose }: Props) {
  const [typed, setTyped] = useState("");
  const [status, setStatus] = useState("");
  const statusOf = (step: string): Status => jobs.get(step)?.state.status ?? "NotStarted";
  const known = useMemo(
    () => [...new Set(steps.map((step) => jobs.get(step)?.state.status ?? "NotStarted"))],
    [steps, jobs],
  );
  const shown = steps.filter(
    (step) => step.toLowerCase().includes(typed.toLowerCase()) && (!status || statusOf(step) === status),
  );
  return (
    <nav className="outline" aria-label="Steps">
      <label className="field">
        <span className="visually-hidden">Search steps</span>
        <input
          type="search"
          value={typed}
          placeholder="Find a step"
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      {known.length > 1 && (
        <select
          className="select"
          aria-label="Only steps that are"
          value={status}
          onChange={(event) => setStatus(event.target.value)}
        >
          <option value="">all {steps.length} steps</option>
          {known.map((word) => (
            <option key={word} value={word}>
              {word} ({steps.filter((step) => statusOf(step) === word).length})
            </option>
          ))}
        </select>
      )}
      <ul>
        {shown.map((step) => (
          <li key={step}>
            <button aria-current={step === chosen} onClick={() => onChoose(step)} title={`${step}: ${statusOf(step)}`}>
              <i className={statusTone(statusOf(step))} aria-hidden />
              <span className="grow ellipsis">{step}</span>
              {isReused(jobs.get(step)) && <span className="quiet small">reused</span>}
              <span className="visually-hidden">{statusOf(step)}</span>
            </button>
          </li>
        ))}
        {shown.length === 0 && <li className="quiet small">No step is like that.</li>}
      </ul>
    </nav>
  );
}
