/** What a job was asked to do, with what, and what came of it. */
import { Link } from "@tanstack/react-router";
import { Clock } from "lucide-react";
import type { ReactNode } from "react";
import type { Input, Job } from "../../api/jobs";
import { SYSTEM, useTracked } from "../../api/tracked";
import { CopyButton } from "../../kit/CopyButton";
import { actor, exact, number } from "../../lib/format";
import { Duration } from "../jobs/columns";
import { FailureCard } from "./FailureCard";
import { linkOf } from "../../lib/links";

import type { TabProps } from "./RunPage";

export function Overview({ job, ws }: TabProps) {
  const { spec, state } = job;
  return (
    <>
      <FailureCard state={state} />
      {state.waiting_for && (
        <section className="card">
          <div className="inside row" role="status">
            <Clock size={16} aria-hidden /> {state.waiting_for}
          </div>
        </section>
      )}
      <div className="columns">
        <div>
          {spec.command && (
            <Card title="Command" action={<CopyButton text={spec.command} />}>
              <pre className="command">{spec.command}</pre>
            </Card>
          )}
          <Values title="Inputs" values={spec.inputs ?? {}} />
          <Values title="Outputs" values={spec.outputs ?? {}} registered={state.registered} />
          {state.best && <Best best={state.best} />}
          <Logged ws={ws} name={job.name} />
        </div>
        <div>
          <Card title="Properties">
            <Properties job={job} />
          </Card>
          <Tags tags={spec.tags ?? {}} />
        </div>
      </div>
    </>
  );
}

function Card({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className="card">
      <header>
        <h2 className="grow">{title}</h2>
        {action}
      </header>
      <div className="inside">{children}</div>
    </section>
  );
}

function Properties({ job }: { job: Job }) {
  const { spec, state, system } = job;
  const rows: [string, ReactNode][] = [
    ["Name", <code key="name">{job.name}</code>],
    ["Type", spec.type],
    ["Description", spec.description],
    ["Experiment", state.experiment_name],
    ["Created", exact(system.created_at)],
    ["Started", state.started_at && exact(state.started_at)],
    ["Ended", state.ended_at && exact(state.ended_at)],
    ["Duration", <Duration key="duration" job={job} />],
    ["Submitted by", actor(system.created_by)],
    ["Compute", state.compute],
    ["GPUs", state.gpus?.join(", ")],
    ["Environment", environment(spec.environment)],
    ["Attempt", state.attempt && state.attempt > 1 ? state.attempt : ""],
    ["Reason", state.status === "Failed" ? "" : state.reason?.message],
    ["Notes", state.notes?.join("; ")],
  ];
  return (
    <dl className="pairs">
      {rows
        .filter(([, value]) => value !== undefined && value !== null && value !== "")
        .map(([name, value]) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function environment(told: unknown): string {
  if (typeof told === "string") return told.replace(/^azureml:(?!\/\/)/, "");
  const image = (told as { image?: unknown } | undefined)?.image;
  return typeof image === "string" ? `inline, ${image}` : "";
}

type Value = Input | string | number | boolean;

function Values({
  title,
  values,
  registered,
}: {
  title: string;
  values: Record<string, Value>;
  registered?: Record<string, string>;
}) {
  const names = Object.keys(values);
  if (!names.length) return null;
  return (
    <Card title={title}>
      <table className="values">
        <tbody>
          {names.map((name) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <ValueShown value={values[name]} />
                <RegisteredAs reference={registered?.[name]} kind={isModel(values[name]) ? "models" : "data"} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function RegisteredAs({ reference, kind }: { reference: string | undefined; kind: "models" | "data" }) {
  const found = reference && linkOf(reference, kind);
  if (!found) return null;
  return (
    <p className="small quiet">
      registered as{" "}
      <Link to={found.to} params={{ name: found.name }} search={(was) => ({ ws: was.ws, version: found.version })}>
        {found.name} version {found.version}
      </Link>
    </p>
  );
}

function ValueShown({ value }: { value: Value | undefined }) {
  if (typeof value !== "object") return <code>{String(value)}</code>;
  const found = value.path ? linkOf(value.path, isModel(value) ? "models" : "data") : undefined;
  return (
    <p>
      <span className="tag">{value.type ?? "value"}</span>{" "}
      {found && (
        <Link to={found.to} params={{ name: found.name }} search={(was) => ({ ws: was.ws, version: found.version })}>
          {found.name}
        </Link>
      )}{" "}
      <code className="quiet">{value.path ?? (value.value === undefined ? "" : JSON.stringify(value.value))}</code>
    </p>
  );
}

function isModel(value: Value | undefined): boolean {
  return typeof value === "object" && Boolean(value.type?.endsWith("_model"));
}

function Best({ best }: { best: Record<string, unknown> }) {
  const { job, ...values } = best;
  return (
    <Card title="Best trial">
      <table className="values">
        <tbody>
          <tr>
            <th scope="row">Trial</th>
            <td>
              <Link to="/jobs/$name" params={{ name: String(job) }} search={(was) => ({ ws: was.ws })}>
                {String(job)}
              </Link>
            </td>
          </tr>
          {Object.entries(values).map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="number">{number(value as number)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function Logged({ ws, name }: { ws: string; name: string }) {
  const { data } = useTracked(ws, name);
  const metrics = data?.metrics.filter(({ key }) => !key.startsWith(SYSTEM)) ?? [];
  if (!data || metrics.length + data.params.length === 0) return null;
  return (
    <>
      {metrics.length > 0 && (
        <Card title="Metrics">
          <Table rows={metrics.map(({ key, value }) => [key, number(value)])} />
        </Card>
      )}
      {data.params.length > 0 && (
        <Card title="Parameters">
          <Table rows={data.params.map(({ key, value }) => [key, value])} />
        </Card>
      )}
    </>
  );
}

function Table({ rows }: { rows: [string, string][] }) {
  return (
    <table className="values">
      <tbody>
        {rows.map(([key, value]) => (
          <tr key={key}>
            <th scope="row">{key}</th>
            <td className="end">{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Tags({ tags }: { tags: Record<string, string> }) {
  const names = Object.keys(tags).filter((name) => name !== "hyperparameters");
  if (!names.length) return null;
  return (
    <Card title="Tags">
      <div className="row" style={{ flexWrap: "wrap" }}>
        {names.map((name) => (
          <span key={name} className="tag">
            <bdi>{name}</bdi>: <bdi>{tags[name]}</bdi>
          </span>
        ))}
      </div>
    </Card>
  );
}
