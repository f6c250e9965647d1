/** The step that is chosen: how it stands, whether it was reused and why not, and the way to its job. */
import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import type { Job, Step } from "../../api/jobs";
import { useWhy } from "../../api/why";
import { Pairs } from "../../kit/Card";
import { StatusBadge } from "../../kit/StatusBadge";
import { Duration } from "../jobs/columns";
import { ReuseShown } from "./ReuseShown";

interface Props {
  ws: string;
  step: string;
  spec: Step | undefined;
  job: Job | undefined;
  onClose: () => void;
}

export function StepPane({ ws, step, spec, job, onClose }: Props) {
  const component = typeof spec?.component === "string" ? spec.component.replace(/^azureml:/, "") : "";
  const inputs = Object.entries(spec?.inputs ?? {}).map(
    ([name, value]) =>
      [
        name,
        <code key={name}>
          {typeof value === "object" ? (value.path ?? JSON.stringify(value.value)) : String(value)}
        </code>,
      ] as [string, ReactNode],
  );
  return (
    <aside className="step-pane" aria-label={`Step ${step}`}>
      <header className="row">
        <h2 className="grow ellipsis" title={step}>
          {step}
        </h2>
        <button className="button plain icon" aria-label="Close" onClick={onClose}>
          <X size={16} aria-hidden />
        </button>
      </header>
      {job ? <Standing ws={ws} job={job} /> : <p className="quiet small">It has not begun.</p>}
      <h3>Inputs</h3>
      <Pairs of={inputs} />
      {component && (
        <>
          <h3>Component</h3>
          <code className="small">{component}</code>
        </>
      )}
    </aside>
  );
}

const TABS = { overview: "Open the job", outputs: "Logs", metrics: "Metrics" };

function Standing({ ws, job }: { ws: string; job: Job }) {
  const why = useWhy(ws, job.name).data;
  return (
    <>
      <div className="row">
        <StatusBadge status={job.state.status} />
        <span className="number quiet small">
          <Duration job={job} />
        </span>
      </div>
      <div className="row" style={{ flexWrap: "wrap" }}>
        {Object.entries(TABS).map(([tab, word]) => (
          <Link
            key={tab}
            className="button"
            to="/jobs/$name"
            params={{ name: job.name }}
            search={(was) => ({ ws: was.ws, tab: tab === "overview" ? undefined : tab })}
          >
            {word}
          </Link>
        ))}
      </div>
      {why && job.state.status !== "Completed" && <p className="small">{why.message}</p>}
      {why?.reuse && <ReuseShown reuse={why.reuse} />}
    </>
  );
}
