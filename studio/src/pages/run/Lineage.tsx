/** Where a job stands among other things: what went in, what came of it, and who took it from there. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type Job, reusedFrom, useJobs } from "../../api/jobs";
import { flat } from "../../api/pages";
import { StatusBadge } from "../../kit/StatusBadge";
import "../data/data.css";
import { linkOf } from "./links";
import type { TabProps } from "./RunPage";

const MOST = 20;

export function Lineage({ job, ws }: TabProps) {
  const { spec, state } = job;
  return (
    <div className="lineage">
      <Column title="Went in">
        <Before job={job} />
      </Column>
      <Column title="This job">
        <div className="node self">
          <b>{spec.display_name ?? job.name}</b>
          <span className="quiet small">{spec.type}</span>
          <StatusBadge status={state.status} />
          {state.parent_job_name && <JobNode name={state.parent_job_name} said="part of" />}
        </div>
      </Column>
      <Column title="Came of it">
        <After job={job} ws={ws} />
      </Column>
    </div>
  );
}

function Before({ job }: { job: Job }) {
  const { spec, state } = job;
  const inputs = Object.entries(spec.inputs ?? {}).flatMap(([name, value]) =>
    typeof value === "object" && value.path ? [[name, value.path] as const] : [],
  );
  const taken = reusedFrom(job);
  return (
    <>
      {inputs.map(([name, path]) => (
        <Thing key={name} said={`input ${name}`} reference={path} />
      ))}
      {state.code && <Thing said="code" reference={state.code} />}
      {state.environment && state.environment !== "inline" && (
        <Thing said="environment" reference={state.environment} />
      )}
      {taken && <JobNode name={taken} said="its outputs were taken" />}
      {inputs.length === 0 && !state.code && <p className="quiet small">It had no inputs.</p>}
    </>
  );
}

function After({ job, ws }: TabProps) {
  const registered = Object.entries(job.state.registered ?? {});
  const users = useJobs(ws, { filter: `document ~ "azureml://jobs/${job.name}/"`, view: "all" });
  const others = flat(users.data?.pages ?? []).filter(({ name }) => name !== job.name);
  return (
    <>
      {registered.map(([output, reference]) => (
        <Thing
          key={output}
          said={`output ${output}`}
          reference={reference}
          kind={isModel(job.spec.outputs?.[output]) ? "models" : "data"}
        />
      ))}
      {others.slice(0, MOST).map((other) => (
        <JobNode key={other.name} name={other.name} said="uses its outputs" job={other} />
      ))}
      {others.length + registered.length === 0 && (
        <p className="quiet small">Nothing is registered, and no job uses its outputs.</p>
      )}
    </>
  );
}

function isModel(output: unknown): boolean {
  return typeof output === "object" && output !== null && String((output as { type?: string }).type).endsWith("_model");
}

function Column({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h3 className="quiet">{title}</h3>
      {children}
    </div>
  );
}

interface ThingProps {
  said: string;
  reference: string;
  kind?: "models" | "data" | "environments";
}

function Thing({ said, reference, kind }: ThingProps) {
  const found = linkOf(reference, kind ?? (said === "environment" ? "environments" : "data"));
  return (
    <div className="node">
      <span className="quiet small">{said}</span>
      {found && said !== "code" ? (
        <Link to={found.to} params={{ name: found.name }} search={(was) => ({ ws: was.ws, version: found.version })}>
          {found.name}
          {found.version && ` version ${found.version}`}
        </Link>
      ) : (
        <code className="small">{reference}</code>
      )}
    </div>
  );
}

function JobNode({ name, said, job }: { name: string; said: string; job?: Job }) {
  return (
    <div className="node">
      <span className="quiet small">{said}</span>
      <Link to="/jobs/$name" params={{ name }} search={(was) => ({ ws: was.ws })}>
        {job?.spec.display_name ?? name}
      </Link>
      {job && <StatusBadge status={job.state.status} />}
    </div>
  );
}
