/** Models, and what a registry keeps beside them: aliases, and the deployments that serve them. */
import { useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { getJson, sendJson } from "./client";
import { ApiError } from "./errors";
import { place, type Resource, useResources } from "./resources";
import { root } from "./tracked";

export interface ModelSpec extends Record<string, unknown> {
  name: string;
  type: "custom_model" | "mlflow_model" | "triton_model";
  path: string;
  description?: string;
  stage?: string;
  tags?: Record<string, string>;
  properties?: Record<string, string>;
  flavors?: Record<string, Record<string, unknown>>;
}

export interface ModelState extends Record<string, unknown> {
  /** Each part is JSON of its own, as MLflow writes it. */
  signature?: { inputs?: string | null; outputs?: string | null; params?: string | null } | null;
}

export type Model = Resource<ModelSpec, ModelState>;

interface Alias {
  alias: string;
  version: string;
}

/** Which version each alias stands for; a model that MLflow does not know has none. */
export function useAliases(ws: string, name: string) {
  return useQuery({
    queryKey: ["models", ws, "aliases", name],
    queryFn: async (): Promise<Alias[]> => {
      const url = `${root(ws)}/registered-models/get?name=${encodeURIComponent(name)}`;
      try {
        const found = await getJson<{ registered_model: { aliases?: Alias[] } }>(url);
        return found.registered_model.aliases ?? [];
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return [];
        throw error;
      }
    },
  });
}

export function useSetAlias(ws: string, name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ alias, version }: { alias: string; version: string | null }) => {
      const url = `${root(ws)}/registered-models/alias`;
      if (version !== null) return sendJson("POST", url, { name, alias, version });
      return sendJson("DELETE", url, { name, alias });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["models", ws] }),
  });
}

export interface Serving {
  endpoint: string;
  deployment: string;
  model: string;
  state: string;
}

interface Deployment extends Resource {
  parent: string;
}

/** The deployments of online endpoints that name a model, in whichever version. */
export function useServing(ws: string, name: string): Serving[] {
  const endpoints = useResources<Resource>(ws, "online-endpoints");
  const names = endpoints.data?.pages.flatMap((page) => page.value.map((one) => one.name)) ?? [];
  const found = useQueries({
    queries: names.map((endpoint) => ({
      queryKey: ["online-endpoints", ws, "deployments", endpoint],
      queryFn: () => getJson<{ value: Deployment[] }>(place(ws, "online-endpoints", endpoint, "deployments")),
    })),
  });
  return found
    .flatMap((one) => one.data?.value ?? [])
    .filter(({ spec }) => typeof spec.model === "string" && isOf(spec.model, name))
    .map(({ parent, name: deployment, spec, state }) => ({
      endpoint: parent,
      deployment,
      model: String(spec.model),
      state: String(state.provisioning_state),
    }));
}

function isOf(reference: string, name: string): boolean {
  return reference.startsWith(`azureml:${name}:`) || reference.startsWith(`azureml:${name}@`);
}

export interface SignatureColumn {
  name?: string;
  type: string;
  required?: boolean;
  "tensor-spec"?: { dtype: string; shape: number[] };
}

/** What MLflow wrote of one side of a signature; nothing where it wrote something else. */
export function columnsOf(json: string | null | undefined): SignatureColumn[] {
  try {
    const read: unknown = JSON.parse(json ?? "[]");
    return Array.isArray(read) ? (read as SignatureColumn[]) : [];
  } catch {
    return [];
  }
}

export function typeOf(column: SignatureColumn): string {
  const tensor = column["tensor-spec"];
  return tensor
    ? `${tensor.dtype} [${tensor.shape.map((size) => (size < 0 ? "any" : size)).join(" × ")}]`
    : column.type;
}
