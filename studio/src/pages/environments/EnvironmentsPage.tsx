/** The environments of a workspace: what jobs and deployments run in. */
import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { Environment, EnvironmentSpec } from "../../api/environments";
import { useChange } from "../../api/resources";
import { Act } from "../../kit/Act";
import type { Column } from "../../kit/DataTable";
import { by, created, named, tags, version } from "../../resources/columns";
import { type Field, filled, FormDialog, type Values } from "../../resources/Form";
import { KINDS } from "../../resources/kinds";
import { ResourceList } from "../../resources/ResourceList";
import { useWorkspace } from "../../shell/workspace";
import { condaOf } from "./conda";

const COLUMNS: Column<Environment>[] = [
  named("/environments/$name"),
  version(),
  { id: "from", header: "Made from", width: "130px", cell: ({ spec }) => sortOf(spec) },
  { id: "image", header: "Image", width: "minmax(200px, 2fr)", cell: ({ spec }) => <code>{spec.image ?? ""}</code> },
  tags(),
  created(),
  by(),
];

export function sortOf(spec: EnvironmentSpec): string {
  if (spec.build) return "Dockerfile";
  return spec.conda_file ? "conda file" : "image";
}

const IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04";
const FIELDS: readonly Field[] = [
  { name: "name", label: "Name", isNeeded: true, placeholder: "training" },
  { name: "image", label: "Image", isNeeded: true, hint: "The base. Where it is just a Python, none is downloaded." },
  { name: "python", label: "Python", isNeeded: true },
  {
    name: "packages",
    label: "Packages",
    kind: "area",
    placeholder: "scikit-learn==1.7.2\npandas",
    hint: "One a line, as pip reads them.",
  },
  { name: "description", label: "Description" },
];

export function EnvironmentsPage() {
  const ws = useWorkspace();
  const go = useNavigate();
  const change = useChange(ws);
  const [isMaking, setMaking] = useState(false);
  const open = (name: string) =>
    void go({ to: "/environments/$name", params: { name }, search: (was) => ({ ws: was.ws }) });
  return (
    <>
      <ResourceList<Environment>
        ws={ws}
        title="Environments"
        kind="environments"
        columns={COLUMNS}
        onOpen={({ name }) => open(name)}
        sortOf={({ spec }) => sortOf(spec)}
        wordsOf={({ spec }) => spec.image ?? ""}
        canArchive
        empty={{
          title: "No environment has a name here yet",
          about: "Jobs can write theirs out. One that several share gets a name:",
          commands: "zaffre environment create -f environment.yml",
        }}
        action={
          <Act className="button primary" onClick={() => setMaking(true)}>
            <Plus size={14} aria-hidden /> New environment
          </Act>
        }
      />
      {isMaking && (
        <FormDialog
          title="A new environment"
          about="It is built when a job first needs it, or from its page."
          fields={FIELDS}
          initial={{ image: IMAGE, python: "3.11" }}
          verb="Create"
          ws={ws}
          kind={KINDS.environment}
          toSpec={specOf}
          send={async (spec) => {
            await change.mutateAsync({
              method: "POST",
              parts: ["environments", String(spec.name), "versions"],
              body: spec,
            });
            open(String(spec.name));
          }}
          onClose={() => setMaking(false)}
        />
      )}
    </>
  );
}

function specOf({ name, image, python, packages, description }: Values): Record<string, unknown> {
  return filled({ name, image, conda_file: condaOf(name ?? "", python ?? "", packages ?? ""), description });
}
