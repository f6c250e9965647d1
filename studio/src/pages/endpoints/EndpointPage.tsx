/** One endpoint: how it stands, who gets its traffic, asking it, what it did, what it wrote. */
import { actor } from "../../lib/format";
import { useParams, useSearch } from "@tanstack/react-router";
import { collectionOf, type Deployment, type Endpoint, isMoving, useDeployments } from "../../api/endpoints";
import { useResource } from "../../api/resources";
import { Refused, Skeleton } from "../../kit/Said";
import { StatusBadge } from "../../kit/StatusBadge";
import { DeleteButton } from "../../resources/DeleteButton";
import { CopyAs } from "../../resources/CopyAs";
import { KINDS, spelt } from "../../resources/kinds";
import { type Part, ResourcePage } from "../../resources/ResourcePage";
import { part, useBrought } from "../../lib/part";
import { useWorkspace } from "../../shell/workspace";
import { Ago } from "../jobs/columns";
import { Console } from "./Console";
import { Failed, Overview } from "./Overview";
import "./endpoints.css";

const Metrics = part(() => import("./Metrics"), "Metrics");
const Logs = part(() => import("./Logs"), "Logs");
const Consume = part(() => import("./Consume"), "Consume");
const Runs = part(() => import("./BatchRuns"), "BatchRuns");
const PARTS = [Metrics, Logs, Consume, Runs];

export function EndpointPage() {
  useBrought(PARTS);
  const ws = useWorkspace();
  const { name } = useParams({ from: "/endpoints/$name" });
  const { sort } = useSearch({ from: "/endpoints/$name" });
  const collection = collectionOf(sort);
  const found = useResource<Endpoint>(ws, collection, name);
  const deployments = useDeployments(ws, collection, name);
  if (found.isPending || deployments.isPending) return <Skeleton />;
  if (!found.data)
    return <Refused error={found.error ?? new Error("It cannot be shown.")} retry={() => void found.refetch()} />;
  return <Shown ws={ws} endpoint={found.data} deployments={deployments.data?.value ?? []} sort={sort} />;
}

interface ShownProps {
  ws: string;
  endpoint: Endpoint;
  deployments: Deployment[];
  sort: "batch" | undefined;
}

function Shown({ ws, endpoint, deployments, sort }: ShownProps) {
  const { name, spec, state, system } = endpoint;
  const isOnline = sort !== "batch";
  const collection = collectionOf(sort);
  const list = isOnline
    ? { to: "/endpoints", title: "Endpoints" }
    : { to: "/endpoints", title: "Batch endpoints", search: { sort: "batch" } };
  const names = deployments.map((one) => one.name);
  const overview: Part = {
    id: "overview",
    title: "Deployments",
    shown: <Overview ws={ws} endpoint={endpoint} deployments={deployments} collection={collection} />,
  };
  const runs: Part = { id: "runs", title: "Runs", shown: <Runs ws={ws} endpoint={endpoint} deployments={names} /> };
  return (
    <ResourcePage
      list={list}
      name={name}
      badges={<StatusBadge status={state.provisioning_state} />}
      facts={[
        spec.auth_mode === "key" ? "asked with a key" : "asked with a token",
        <Ago key="ago" iso={system.created_at} />,
        actor(system.created_by),
      ]}
      actions={
        <>
          <CopyAs ways={() => ({ ...spelt(isOnline ? KINDS.onlineEndpoint : KINDS.batchEndpoint, spec, ws) })} />
          <DeleteButton
            ws={ws}
            parts={[collection, name]}
            label="Delete this endpoint"
            title={`Delete ${name}`}
            about="Its deployments go with it, and whoever asks it is refused."
            typed={name}
            list={list}
          />
        </>
      }
      notice={<Failures endpoint={endpoint} deployments={deployments} />}
      parts={isOnline ? [overview, ...onlineParts(ws, endpoint, deployments)] : [overview, runs]}
    />
  );
}

function Failures({ endpoint, deployments }: Pick<ShownProps, "endpoint" | "deployments">) {
  const failed = [
    { title: endpoint.name, reason: endpoint.state.reason },
    ...deployments.map(({ name, state }) => ({ title: `Deployment ${name}`, reason: state.reason })),
  ];
  return failed.map(({ title, reason }) => reason && <Failed key={title} title={title} reason={reason} />);
}

function onlineParts(ws: string, endpoint: Endpoint, deployments: Deployment[]): (Part | false)[] {
  const { name } = endpoint;
  const names = deployments.map((one) => one.name);
  const alive = deployments.filter(({ state }) => state.provisioning_state === "Succeeded" || isMoving(state));
  const answers = alive.length > 0;
  const about = { ws, endpoint: name, deployments: names };
  return [
    answers && { id: "test", title: "Test", shown: <Console {...about} /> },
    { id: "use", title: "Use", shown: <Consume ws={ws} endpoint={endpoint} /> },
    answers && {
      id: "metrics",
      title: "Metrics",
      shown: <Metrics {...about} deployments={alive.map((one) => one.name)} />,
    },
    names.length > 0 && { id: "logs", title: "Logs", shown: <Logs {...about} /> },
  ];
}
