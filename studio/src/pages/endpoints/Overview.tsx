/** An endpoint's deployments, and how its traffic is divided among them. */
import { Link } from "@tanstack/react-router";
import { CircleX, SlidersHorizontal, Trash2 } from "lucide-react";
import { useState } from "react";
import "../run/run.css";
import type { Deployment, Endpoint, Reason } from "../../api/endpoints";
import { useChange } from "../../api/resources";
import { Act } from "../../kit/Act";
import { Card, Pairs } from "../../kit/Card";
import { Confirm } from "../../kit/Confirm";
import { CopyButton } from "../../kit/CopyButton";
import { Empty } from "../../kit/Said";
import { StatusBadge } from "../../kit/StatusBadge";
import { EditTexts } from "../../resources/EditTexts";
import { ScaleDialog } from "./ScaleDialog";
import { Traffic } from "./Traffic";

interface Props {
  ws: string;
  endpoint: Endpoint;
  deployments: Deployment[];
  collection: string;
}

export function Overview({ ws, endpoint, deployments, collection }: Props) {
  const { name, spec, state } = endpoint;
  const change = useChange(ws);
  const isOnline = collection === "online-endpoints";
  return (
    <div className="beside">
      <div>
        <Card title="Deployments">
          {deployments.length === 0 ? (
            <Empty title="Nothing answers here yet">
              <p>Deploy a model from its page, or:</p>
              <pre>{`zaffre ${isOnline ? "online" : "batch"}-deployment create -f deployment.yml`}</pre>
            </Empty>
          ) : (
            <Deployments ws={ws} endpoint={name} deployments={deployments} collection={collection} />
          )}
        </Card>
        {isOnline && deployments.length > 0 && (
          <Traffic
            key={JSON.stringify([spec.traffic, spec.mirror_traffic])}
            ws={ws}
            endpoint={endpoint}
            deployments={deployments}
          />
        )}
        {!isOnline && <Default ws={ws} endpoint={endpoint} deployments={deployments} />}
      </div>
      <div>
        <EditTexts
          description={spec.description ?? ""}
          tags={spec.tags ?? {}}
          onSave={(description, tags) =>
            change.mutateAsync({ method: "PUT", parts: [collection, name], body: { ...spec, description, tags } })
          }
        />
        <Card title="Address">
          <Pairs
            of={[
              ["Asked at", <Address key="at" text={state.scoring_uri ?? ""} />],
              ["Described at", state.openapi_uri && <Address key="described" text={state.openapi_uri} />],
            ]}
          />
        </Card>
      </div>
    </div>
  );
}

/** Why something does not answer: the cause, and what its own process wrote. */
export function Failed({ title, reason }: { title: string; reason: Reason }) {
  const [first = "", ...rest] = reason.message.split("\n");
  return (
    <section className="card failure" aria-label={`Why ${title} failed`}>
      <header>
        <CircleX size={16} aria-hidden />
        <h2>
          {title}: {reason.code}
        </h2>
      </header>
      <div className="inside stack" style={{ gap: 12 }}>
        <p>{first}</p>
        {rest.length > 0 && <pre>{rest.join("\n")}</pre>}
      </div>
    </section>
  );
}

function Address({ text }: { text: string }) {
  if (!text) return <span className="quiet">not yet</span>;
  return (
    <span className="row" style={{ gap: 0, alignItems: "start" }}>
      <code>{text}</code>
      <CopyButton text={text} />
    </span>
  );
}

interface TableProps {
  ws: string;
  endpoint: string;
  deployments: Deployment[];
  collection: string;
}

function Deployments({ ws, endpoint, deployments, collection }: TableProps) {
  const change = useChange(ws);
  const [scaled, setScaled] = useState<Deployment | undefined>();
  const [gone, setGone] = useState<string | undefined>();
  const isOnline = collection === "online-endpoints";
  return (
    <>
      <table className="plain-table">
        <thead>
          <tr>
            <th>Name</th>
            <th>State</th>
            <th>Model</th>
            <th>{isOnline ? "Replicas" : "Compute"}</th>
            <th aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {deployments.map((one) => (
            <tr key={one.name}>
              <td>{one.name}</td>
              <td>
                <StatusBadge status={one.state.provisioning_state} />
              </td>
              <td>
                <ModelOf model={one.spec.model ?? one.spec.component} />
              </td>
              <td>{isOnline ? replicas(one) : String(one.spec.compute ?? "")}</td>
              <td className="end">
                {isOnline && (
                  <Act
                    className="button plain icon"
                    aria-label={`Scale ${one.name}`}
                    title="How many replicas"
                    onClick={() => setScaled(one)}
                  >
                    <SlidersHorizontal size={14} aria-hidden />
                  </Act>
                )}
                <Act
                  needs="delete"
                  className="button plain icon"
                  aria-label={`Delete ${one.name}`}
                  title="Delete"
                  onClick={() => setGone(one.name)}
                >
                  <Trash2 size={14} aria-hidden />
                </Act>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {scaled && <ScaleDialog ws={ws} deployment={scaled} onClose={() => setScaled(undefined)} />}
      {gone && (
        <Confirm
          title={`Delete deployment ${gone}`}
          about={`It stops answering at ${endpoint}. A deployment that still gets traffic is refused.`}
          verb="Delete"
          error={change.error}
          isBusy={change.isPending}
          onClose={() => setGone(undefined)}
          onDo={() =>
            change.mutate(
              { method: "DELETE", parts: [collection, endpoint, "deployments", gone] },
              { onSuccess: () => setGone(undefined) },
            )
          }
        />
      )}
    </>
  );
}

function replicas({ spec, state }: Deployment): string {
  const ready = state.replicas?.filter(({ stage }) => stage === "ready").length ?? 0;
  const scale = spec.scale_settings;
  if (scale?.type === "target_utilization")
    return `${ready} ready, ${scale.min_instances ?? 0} to ${scale.max_instances ?? 1} as needed`;
  return `${ready} of ${spec.instance_count ?? 1}`;
}

function ModelOf({ model }: { model: unknown }) {
  if (typeof model !== "string") {
    const named = typeof model === "object" && model !== null ? (model as { name?: string; version?: string }) : {};
    return <>{named.name ? `${named.name} ${named.version ?? ""}` : ""}</>;
  }
  const [, name = "", version = ""] = /^azureml:([^:@]+)[:@](.+)$/.exec(model) ?? [];
  if (!name) return <code>{model}</code>;
  return (
    <Link
      to="/models/$name"
      params={{ name }}
      search={(was) => ({ ws: was.ws, version: version === "latest" ? undefined : version })}
    >
      {name} {version}
    </Link>
  );
}

function Default({ ws, endpoint, deployments }: { ws: string; endpoint: Endpoint; deployments: Deployment[] }) {
  const change = useChange(ws);
  const { name, spec } = endpoint;
  return (
    <Card title="Which one answers">
      <label className="row">
        <span className="quiet">Unless a call names another</span>
        <select
          className="select"
          value={spec.defaults?.deployment_name ?? ""}
          onChange={(event) =>
            change.mutate({
              method: "PUT",
              parts: ["batch-endpoints", name],
              body: { ...spec, defaults: { deployment_name: event.target.value } },
            })
          }
        >
          <option value="" disabled>
            none
          </option>
          {deployments.map((one) => (
            <option key={one.name}>{one.name}</option>
          ))}
        </select>
      </label>
      {change.error && <p className="wrong small">{change.error.message}</p>}
    </Card>
  );
}
