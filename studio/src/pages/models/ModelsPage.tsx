/** The models of a workspace, each with its latest version. */
import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { Model } from "../../api/models";
import { useChange } from "../../api/resources";
import { Act } from "../../kit/Act";
import type { Column } from "../../kit/DataTable";
import { by, created, JobLink, named, tags, version } from "../../resources/columns";
import { type Field, filled, FormDialog } from "../../resources/Form";
import { KINDS } from "../../resources/kinds";
import { ResourceList } from "../../resources/ResourceList";
import { useWorkspace } from "../../shell/workspace";

export const TYPES: Record<string, string> = {
  mlflow_model: "MLflow",
  custom_model: "Custom",
  triton_model: "Triton",
};

const COLUMNS: Column<Model>[] = [
  named("/models/$name"),
  version(),
  { id: "type", header: "Type", width: "110px", cell: ({ spec }) => TYPES[spec.type] ?? spec.type },
  {
    id: "flavors",
    header: "Flavors",
    width: "minmax(120px, 1fr)",
    cell: ({ spec }) => flavorsOf(spec.flavors).join(", "),
  },
  {
    id: "job",
    header: "From job",
    width: "minmax(140px, 1fr)",
    cell: ({ spec }) => (spec.properties?.job_name ? <JobLink name={spec.properties.job_name} /> : ""),
  },
  tags(),
  created(),
  by(),
];

/** Every MLflow model can be called as a Python function: that tells nothing. */
export function flavorsOf(flavors: Record<string, unknown> | undefined): string[] {
  return Object.keys(flavors ?? {}).filter((flavor) => flavor !== "python_function");
}

const FIELDS: readonly Field[] = [
  { name: "name", label: "Name", isNeeded: true, placeholder: "wine-classifier" },
  {
    name: "type",
    label: "Type",
    kind: "select",
    options: Object.entries(TYPES),
  },
  {
    name: "path",
    label: "Where its files are",
    isNeeded: true,
    placeholder: "azureml://jobs/NAME/outputs/model",
    hint: "An output of a job, or a path in a datastore. Files of your machine are uploaded by the command line.",
  },
  { name: "version", label: "Version", hint: "The next number where none is named." },
  { name: "description", label: "Description", kind: "area" },
];

const EMPTY = {
  title: "No model has been registered here yet",
  about: "A job's output with a name becomes one, and so does a folder:",
  commands: "zaffre model create --name wine --type mlflow_model --path ./model",
};

export function ModelsPage() {
  const ws = useWorkspace();
  const go = useNavigate();
  const change = useChange(ws);
  const [isMaking, setMaking] = useState(false);
  const open = (name: string) => void go({ to: "/models/$name", params: { name }, search: (was) => ({ ws: was.ws }) });
  return (
    <>
      <ResourceList<Model>
        ws={ws}
        title="Models"
        kind="models"
        columns={COLUMNS}
        onOpen={({ name }) => open(name)}
        sortOf={({ spec }) => TYPES[spec.type] ?? spec.type}
        canArchive
        empty={EMPTY}
        action={
          <Act className="button primary" onClick={() => setMaking(true)}>
            <Plus size={14} aria-hidden /> Register a model
          </Act>
        }
      />
      {isMaking && (
        <FormDialog
          title="Register a model"
          fields={FIELDS}
          initial={{ type: "mlflow_model" }}
          verb="Register"
          ws={ws}
          kind={KINDS.model}
          toSpec={(values) => filled(values)}
          send={async (spec) => {
            const name = String(spec.name);
            const at = spec.version ? ["models", name, "versions", String(spec.version)] : ["models", name, "versions"];
            await change.mutateAsync({ method: spec.version ? "PUT" : "POST", parts: at, body: spec });
            open(name);
          }}
          onClose={() => setMaking(false)}
        />
      )}
    </>
  );
}
