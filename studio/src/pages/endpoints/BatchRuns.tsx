/** What a batch endpoint was asked, and asking it again. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Play } from "lucide-react";
import { useState } from "react";
import { sendJson } from "../../api/client";
import type { Endpoint } from "../../api/endpoints";
import type { Job } from "../../api/jobs";
import { place, useAsked } from "../../api/resources";
import { Act } from "../../kit/Act";
import { Card } from "../../kit/Card";
import { Refusal, Skeleton } from "../../kit/Said";
import { type Field, filled, FormDialog, type Values } from "../../resources/Form";
import { KINDS } from "../../resources/kinds";
import { JobLines } from "../../resources/UsedBy";

interface Props {
  ws: string;
  endpoint: Endpoint;
  deployments: string[];
}

export function BatchRuns({ ws, endpoint, deployments }: Props) {
  const found = useAsked<{ value: Job[] }>(ws, ["batch-endpoints", endpoint.name, "jobs"], "", { every: 5000 });
  const [isAsking, setAsking] = useState(false);
  return (
    <Card
      title="Runs"
      action={
        <Act className="button primary" disabled={deployments.length === 0} onClick={() => setAsking(true)}>
          <Play size={14} aria-hidden /> Invoke
        </Act>
      }
    >
      {found.isPending && <Skeleton lines={3} />}
      {found.error && <Refusal error={found.error} />}
      {found.data && <JobLines jobs={found.data.value} none="It has not been asked yet." />}
      {isAsking && <Invoke ws={ws} endpoint={endpoint} deployments={deployments} onClose={() => setAsking(false)} />}
    </Card>
  );
}

function Invoke({ ws, endpoint, deployments, onClose }: Props & { onClose: () => void }) {
  const client = useQueryClient();
  const go = useNavigate();
  const invoke = useMutation({
    mutationFn: (body: Record<string, unknown>) =>
      sendJson<Job>("POST", `${place(ws, "batch-endpoints", endpoint.name)}/jobs`, body),
    onSuccess: (job) => {
      void client.invalidateQueries({ queryKey: ["batch-endpoints", ws] });
      void go({ to: "/jobs/$name", params: { name: job.name }, search: (was) => ({ ws: was.ws }) });
    },
  });
  const fields: readonly Field[] = [
    {
      name: "deployment_name",
      label: "Deployment",
      kind: "select",
      options: [["", "the endpoint's own choice"], ...deployments.map((name) => [name, name] as const)],
    },
    { name: "input", label: "Name of the input", isNeeded: true },
    { name: "type", label: "Type", kind: "select", options: ["uri_folder", "uri_file", "mltable"] },
    {
      name: "path",
      label: "Data",
      isNeeded: true,
      placeholder: "azureml:NAME@latest",
      hint: "An asset, or a path in a datastore.",
    },
  ];
  return (
    <FormDialog
      title={`Invoke ${endpoint.name}`}
      fields={fields}
      initial={{ deployment_name: "", input: "data", type: "uri_folder" }}
      verb="Invoke"
      ws={ws}
      kind={KINDS.batchEndpoint}
      toSpec={askedOf}
      ways={(document) => ({
        cli: `zaffre batch-endpoint invoke --name ${endpoint.name} -f /dev/stdin <<'EOF'\n${document}EOF\n`,
        yaml: document,
      })}
      send={(spec) => invoke.mutateAsync(spec)}
      onClose={onClose}
    />
  );
}

function askedOf(values: Values): Record<string, unknown> {
  const { deployment_name, input = "data", type, path } = values;
  return filled({ deployment_name, inputs: { [input]: { type, path } } });
}
