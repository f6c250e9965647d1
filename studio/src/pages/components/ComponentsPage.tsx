/** The catalogue of components: pieces of work with typed inputs and outputs. */
import { useNavigate } from "@tanstack/react-router";
import type { Component } from "../../api/components";
import type { Column } from "../../kit/DataTable";
import { by, created, named, tags, version } from "../../resources/columns";
import { ResourceList } from "../../resources/ResourceList";
import { useWorkspace } from "../../shell/workspace";

const COLUMNS: Column<Component>[] = [
  named("/components/$name", ({ spec }) => spec.display_name),
  version(),
  { id: "type", header: "Type", width: "110px", cell: ({ spec }) => spec.type },
  {
    id: "takes",
    header: "Takes",
    width: "minmax(140px, 1.5fr)",
    cell: ({ spec }) => Object.keys(spec.inputs ?? {}).join(", "),
  },
  {
    id: "gives",
    header: "Gives",
    width: "minmax(120px, 1fr)",
    cell: ({ spec }) => Object.keys(spec.outputs ?? {}).join(", "),
  },
  tags(),
  created(),
  by(),
];

export function ComponentsPage() {
  const ws = useWorkspace();
  const go = useNavigate();
  return (
    <ResourceList<Component>
      ws={ws}
      title="Components"
      kind="components"
      columns={COLUMNS}
      onOpen={({ name }) => void go({ to: "/components/$name", params: { name }, search: (was) => ({ ws: was.ws }) })}
      sortOf={({ spec }) => spec.type}
      wordsOf={({ spec }) => [...Object.keys(spec.inputs ?? {}), ...Object.keys(spec.outputs ?? {})].join(" ")}
      canArchive
      empty={{
        title: "No component has been registered here yet",
        about: "One is a command with typed inputs and outputs, in a file:",
        commands: "zaffre component create -f component.yml",
      }}
    />
  );
}
