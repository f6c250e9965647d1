/** The parts of a model's page. */
import { Link } from "@tanstack/react-router";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import {
  columnsOf,
  type Model,
  type Serving,
  type SignatureColumn,
  typeOf,
  useAliases,
  useSetAlias,
} from "../../api/models";
import { useChange } from "../../api/resources";
import { Act } from "../../kit/Act";
import { Card, Pairs } from "../../kit/Card";
import { CopyButton } from "../../kit/CopyButton";
import { Empty, Refusal } from "../../kit/Said";
import { StatusBadge } from "../../kit/StatusBadge";
import { number } from "../../lib/format";
import { JobLink } from "../../resources/columns";
import { EditTexts } from "../../resources/EditTexts";
import { Ago } from "../jobs/columns";
import { Console } from "../endpoints/Console";
import { flavorsOf } from "./ModelsPage";
import { useTracked } from "../../api/tracked";

export function Overview({ ws, model, serving }: { ws: string; model: Model; serving: Serving[] }) {
  const { name, version = "", spec } = model;
  const change = useChange(ws);
  const job = spec.properties?.job_name;
  const save = (description: string, tags: Record<string, string>) =>
    change.mutateAsync({
      method: "PUT",
      parts: ["models", name, "versions", version],
      body: { ...spec, description, tags },
    });
  return (
    <div className="beside">
      <div>
        <EditTexts description={spec.description ?? ""} tags={spec.tags ?? {}} onSave={save} />
        <Card title="What it is">
          <Pairs
            of={[
              ["Files", <Path key="path" text={spec.path} />],
              ["Flavors", flavorsOf(spec.flavors).join(", ")],
              ["Python", String(spec.flavors?.python_function?.python_version ?? "")],
              ["Stage", spec.stage],
              ["In documents", <Path key="ref" text={`azureml:${name}:${version}`} />],
            ]}
          />
        </Card>
        {job && <Came ws={ws} job={job} output={spec.properties?.output_name ?? ""} />}
      </div>
      <div>
        <Aliases ws={ws} name={name} version={version} />
        <Card title="Where it answers">
          {serving.length === 0 ? <p className="quiet">It is not deployed.</p> : <ServingTable serving={serving} />}
        </Card>
      </div>
    </div>
  );
}

function Path({ text }: { text: string }) {
  return (
    <span className="row" style={{ gap: 0, alignItems: "start" }}>
      <code>{text}</code>
      <CopyButton text={text} />
    </span>
  );
}

/** The job that made it, with what that job was given and what it measured. */
function Came({ ws, job, output }: { ws: string; job: string; output: string }) {
  const { data } = useTracked(ws, job);
  const metrics = (data?.metrics ?? []).slice(0, 8);
  return (
    <Card title="Where it came from">
      <Pairs
        of={[
          ["Job", <JobLink key="job" name={job} />],
          ["Output", output],
          ...metrics.map(({ key, value }): [string, string] => [key, number(value)]),
        ]}
      />
    </Card>
  );
}

function ServingTable({ serving }: { serving: Serving[] }) {
  return (
    <table className="plain-table">
      <thead>
        <tr>
          <th>Deployment</th>
          <th>Version</th>
          <th>State</th>
        </tr>
      </thead>
      <tbody>
        {serving.map(({ endpoint, deployment, model, state }) => (
          <tr key={`${endpoint}/${deployment}`}>
            <td>
              <Link to="/endpoints/$name" params={{ name: endpoint }} search={(was) => ({ ws: was.ws })}>
                {endpoint} / {deployment}
              </Link>
            </td>
            <td>{/[:@]([^:@]+)$/.exec(model)?.[1]}</td>
            <td>
              <StatusBadge status={state} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Aliases({ ws, name, version }: { ws: string; name: string; version: string }) {
  const found = useAliases(ws, name);
  const set = useSetAlias(ws, name);
  const [typed, setTyped] = useState("");
  const own = found.data?.filter((one) => one.version === version) ?? [];
  const others = found.data?.filter((one) => one.version !== version) ?? [];
  return (
    <Card title="Aliases">
      <div className="stack" style={{ gap: 8 }}>
        {own.length > 0 && (
          <span className="tags">
            {own.map(({ alias }) => (
              <span className="tag" key={alias}>
                {alias}{" "}
                <Act
                  className="bare"
                  aria-label={`Remove alias ${alias}`}
                  onClick={() => set.mutate({ alias, version: null })}
                >
                  <X size={12} aria-hidden />
                </Act>
              </span>
            ))}
          </span>
        )}
        {others.map(({ alias, version: other }) => (
          <p className="quiet small" key={alias}>
            {alias} is version {other}
          </p>
        ))}
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            set.mutate({ alias: typed.trim(), version }, { onSuccess: () => setTyped("") });
          }}
        >
          <span className="field grow">
            <input
              aria-label="New alias"
              value={typed}
              placeholder="champion"
              onChange={(event) => setTyped(event.target.value)}
            />
          </span>
          <Act className="button" disabled={!typed.trim() || set.isPending}>
            <Plus size={14} aria-hidden /> Set
          </Act>
        </form>
        {set.error && <Refusal error={set.error} />}
        {found.error && <Refusal error={found.error} />}
      </div>
    </Card>
  );
}

export function Signature({ model }: { model: Model }) {
  const signature = model.state.signature;
  if (!signature)
    return (
      <Empty title="It has no signature">
        <p>An MLflow model has one when it was logged with one, or with an input example:</p>
        <pre>mlflow.sklearn.log_model(model, name=&quot;model&quot;, input_example=rows)</pre>
      </Empty>
    );
  return (
    <div className="beside" style={{ gridTemplateColumns: "1fr 1fr" }}>
      <Side title="Inputs" columns={columnsOf(signature.inputs)} />
      <div>
        <Side title="Outputs" columns={columnsOf(signature.outputs)} />
        {signature.params && <Side title="Parameters" columns={columnsOf(signature.params)} />}
      </div>
    </div>
  );
}

function Side({ title, columns }: { title: string; columns: SignatureColumn[] }) {
  return (
    <Card title={title} action={<span className="quiet small number">{columns.length}</span>}>
      <table className="plain-table">
        <thead>
          <tr>
            <th>Name</th>
            <th>Type</th>
            <th>Needed</th>
          </tr>
        </thead>
        <tbody>
          {columns.map((column, at) => (
            <tr key={column.name ?? at}>
              <td>{column.name ?? <span className="quiet">unnamed</span>}</td>
              <td>
                <code>{typeOf(column)}</code>
              </td>
              <td>{column.required === false ? "no" : "yes"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

export function Versions({ ws, name, versions }: { ws: string; name: string; versions: Model[] }) {
  const aliases = useAliases(ws, name).data ?? [];
  return (
    <Card>
      <table className="plain-table">
        <thead>
          <tr>
            <th>Version</th>
            <th>Aliases</th>
            <th>Description</th>
            <th>From job</th>
            <th>Created</th>
            <th>By</th>
          </tr>
        </thead>
        <tbody>
          {versions.map(({ version = "", spec, system }) => (
            <tr key={version}>
              <td>
                <Link to="/models/$name" params={{ name }} search={(was) => ({ ws: was.ws, version })}>
                  {version}
                </Link>
              </td>
              <td>
                {aliases
                  .filter((one) => one.version === version)
                  .map(({ alias }) => alias)
                  .join(", ")}
              </td>
              <td>
                <bdi>{spec.description ?? ""}</bdi>
              </td>
              <td>{spec.properties?.job_name && <JobLink name={spec.properties.job_name} />}</td>
              <td>
                <Ago iso={system.created_at} />
              </td>
              <td>{system.created_by}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

export function Tested({ ws, serving }: { ws: string; serving: Serving[] }) {
  const [at, setAt] = useState(0);
  const chosen = serving[at] ?? serving[0];
  if (!chosen) return null;
  return (
    <>
      {serving.length > 1 && (
        <label className="row small">
          Ask
          <select className="select" value={at} onChange={(event) => setAt(Number(event.target.value))}>
            {serving.map(({ endpoint, deployment }, place) => (
              <option key={`${endpoint}/${deployment}`} value={place}>
                {endpoint} / {deployment}
              </option>
            ))}
          </select>
        </label>
      )}
      <Console key={at} ws={ws} endpoint={chosen.endpoint} deployments={[chosen.deployment]} only={chosen.deployment} />
    </>
  );
}
