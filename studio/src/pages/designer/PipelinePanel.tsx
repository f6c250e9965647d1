/** The pipeline as a whole: what holds for all its steps, what is wrong with it, what was made of it. */
import { Link } from "@tanstack/react-router";
import type { Checked } from "../../api/drafts";
import { type Resource, useResources } from "../../api/resources";
import { type Drawing, stepsOf } from "../../graph/drawing";
import { StatusBadge } from "../../kit/StatusBadge";
import type { Submitted } from "./DesignerPage";
import { PipelineInputs } from "./PipelineInputs";

interface Props {
  ws: string;
  drawing: Drawing;
  checked: Checked | undefined;
  run: Submitted;
  onChange: (to: (now: Drawing) => Drawing, about?: string) => void;
  onChoose: (step: string) => void;
}

export function PipelinePanel({ ws, drawing, checked, run, onChange, onChoose }: Props) {
  const { document } = drawing;
  const computes = useResources<Resource>(ws, "computes").data?.pages.flatMap((page) => page.value) ?? [];
  const settings = document.settings ?? {};
  const set = (field: string, value: string) =>
    onChange((now) => ({ ...now, document: { ...now.document, [field]: value || undefined } }), field);
  return (
    <section aria-label="Pipeline">
      <h2>Pipeline</h2>
      <label className="labelled">
        <span>Experiment</span>
        <span className="field">
          <input
            value={String(document.experiment_name ?? "")}
            placeholder="Default"
            onChange={({ target }) => set("experiment_name", target.value)}
          />
        </span>
      </label>
      <label className="labelled">
        <span>Compute of its steps</span>
        <select
          className="select"
          value={String(settings.default_compute ?? "")}
          onChange={({ target }) =>
            onChange((now) => ({
              ...now,
              document: {
                ...now.document,
                settings: { ...now.document.settings, default_compute: target.value || undefined },
              },
            }))
          }
        >
          <option value="">None said</option>
          {computes.map(({ name }) => (
            <option key={name} value={`azureml:${name}`}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <PipelineInputs drawing={drawing} onChange={onChange} />
      <Problems checked={checked} isEmpty={Object.keys(stepsOf(drawing)).length === 0} onChoose={onChoose} />
      {run.jobs.length > 0 && (
        <>
          <h3>Submitted</h3>
          <ul className="lines small">
            {run.jobs.slice(0, 20).map((job) => (
              <li key={job.name}>
                <StatusBadge status={job.state.status} />
                <Link
                  to="/designer/$name"
                  params={(was) => ({ name: was.name ?? "" })}
                  search={(was) => ({ ...was, job: job.name })}
                  className="ellipsis"
                >
                  {job.name}
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

interface ProblemsProps {
  checked: Checked | undefined;
  isEmpty: boolean;
  onChoose: (step: string) => void;
}

function Problems({ checked, isEmpty, onChoose }: ProblemsProps) {
  if (isEmpty)
    return <p className="quiet small">Drag a component onto the canvas, or choose one with Enter, to begin.</p>;
  if (!checked) return null;
  return (
    <>
      <h3>{checked.valid ? "It can be submitted" : `${checked.problems.length} to do before it can be submitted`}</h3>
      <ul className="problems small">
        {checked.problems.map(({ field, message, hint }) => {
          const step = /^jobs\.([^.]+)/.exec(field)?.[1];
          return (
            <li key={field + message}>
              {step ? (
                <button className="link" onClick={() => onChoose(step)}>
                  {field.replace(/^jobs\./, "")}
                </button>
              ) : (
                <code>{field}</code>
              )}{" "}
              {message}
              {hint && <span className="quiet"> ({hint})</span>}
            </li>
          );
        })}
        {checked.notes.map((note) => (
          <li key={note} className="quiet">
            {note}
          </li>
        ))}
      </ul>
    </>
  );
}
