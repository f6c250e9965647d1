/** A model put behind an online endpoint, a new one or one that is there. */
import { useNavigate } from "@tanstack/react-router";
import type { Model } from "../../api/models";
import { type Resource, useAsked, useChange, useResources } from "../../api/resources";
import { type Field, filled, FormDialog, numeric, type Values } from "../../resources/Form";
import { KINDS } from "../../resources/kinds";

interface Size {
  name: string;
  v_cp_us: number;
  memory_gb: number;
  gpus: number;
}

const NEW = "";
const isCustom = (values: Values) => values.type === "custom_model";

export function DeployDialog({ ws, model, onClose }: { ws: string; model: Model; onClose: () => void }) {
  const endpoints = useResources<Resource>(ws, "online-endpoints");
  const environments = useResources<Resource>(ws, "environments");
  const sizes = useAsked<{ value: Size[] }>(ws, ["compute-sizes"]);
  const change = useChange(ws);
  const go = useNavigate();
  const there = endpoints.data?.pages.flatMap((page) => page.value.map(({ name }) => name)) ?? [];
  const fields: Field[] = [
    {
      name: "endpoint_name",
      label: "Endpoint",
      kind: "select",
      options: [[NEW, "A new one…"], ...there.map((name) => [name, name] as const)],
    },
    {
      name: "fresh",
      label: "Name of the new endpoint",
      path: "name",
      isNeeded: true,
      fits: (values) => values.endpoint_name === NEW,
    },
    {
      name: "name",
      label: "Deployment",
      isNeeded: true,
      hint: "Such as blue or green: an endpoint divides its traffic among them.",
    },
    {
      name: "environment",
      label: "Environment",
      kind: "select",
      isNeeded: true,
      options: [
        "",
        ...(environments.data?.pages.flatMap((page) => page.value.map((one) => `azureml:${one.name}@latest`)) ?? []),
      ],
      fits: isCustom,
    },
    {
      name: "code",
      label: "Code asset",
      placeholder: "azureml:NAME:1",
      hint: "A folder with the scoring script; the command line uploads one.",
      isNeeded: true,
      fits: isCustom,
    },
    { name: "script", label: "Scoring script", placeholder: "score.py", isNeeded: true, fits: isCustom },
    {
      name: "instance_type",
      label: "Size",
      kind: "select",
      options: (sizes.data?.value ?? []).map(
        (one) =>
          [
            one.name,
            `${one.name}: ${one.v_cp_us} cores, ${one.memory_gb} GB${one.gpus ? `, ${one.gpus} GPU` : ""}`,
          ] as const,
      ),
    },
    { name: "instance_count", label: "Instances", kind: "number", isNeeded: true },
  ];
  const toSpec = (values: Values) => specOf(values, model);
  return (
    <FormDialog
      title={`Deploy version ${model.version} of ${model.name}`}
      about="It gets no traffic before it is ready, and until you say how much."
      fields={fields}
      initial={{
        endpoint_name: NEW,
        fresh: model.name.toLowerCase().replaceAll("_", "-"),
        name: "blue",
        instance_type: "Standard_DS3_v2",
        instance_count: "1",
        type: model.spec.type,
      }}
      verb="Deploy"
      ws={ws}
      kind={KINDS.onlineDeployment}
      toSpec={toSpec}
      send={async (spec) => {
        const endpoint = String(spec.endpoint_name);
        if (!there.includes(endpoint)) {
          await change.mutateAsync({
            method: "PUT",
            parts: ["online-endpoints", endpoint],
            body: { name: endpoint, auth_mode: "key" },
          });
        }
        await change.mutateAsync({
          method: "PUT",
          parts: ["online-endpoints", endpoint, "deployments", String(spec.name)],
          body: spec,
        });
        void go({ to: "/endpoints/$name", params: { name: endpoint }, search: (was) => ({ ws: was.ws }) });
      }}
      onClose={onClose}
    />
  );
}

/** What the form comes to. */
export function specOf(values: Values, model: Pick<Model, "name" | "version">): Record<string, unknown> {
  const { code, script } = values;
  return filled({
    name: values.name,
    endpoint_name: values.endpoint_name || values.fresh,
    model: `azureml:${model.name}:${model.version}`,
    environment: isCustom(values) ? values.environment : undefined,
    code_configuration: isCustom(values) && code ? filled({ code, scoring_script: script }) : undefined,
    instance_type: values.instance_type,
    instance_count: numeric(values.instance_count),
  });
}
