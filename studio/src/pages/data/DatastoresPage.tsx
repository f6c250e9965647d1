/** The places where data lies. */
import { Link, useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import type { Datastore } from "../../api/data";
import type { Column } from "../../kit/DataTable";
import { ResourceList } from "../../resources/ResourceList";
import { useWorkspace } from "../../shell/workspace";
import { Ago } from "../jobs/columns";

const COLUMNS: Column<Datastore>[] = [
  {
    id: "name",
    header: "Name",
    width: "minmax(220px, 2fr)",
    cell: ({ name, state }) => (
      <>
        <Link to="/datastores/$name" params={{ name }} search={(was) => ({ ws: was.ws })}>
          {name}
        </Link>
        {state.is_default && <span className="tag"> default</span>}
      </>
    ),
  },
  { id: "type", header: "Type", width: "160px", cell: ({ spec }) => spec.type ?? "" },
  {
    id: "where",
    header: "Where",
    width: "minmax(180px, 3fr)",
    cell: ({ spec }) =>
      spec.description ?? (spec.account_name === "zaffre" ? "on this installation" : (spec.root ?? "")),
  },
  { id: "created", header: "Created", width: "120px", cell: ({ system }) => <Ago iso={system.created_at} /> },
];

export function DatastoresPage() {
  const ws = useWorkspace();
  const go = useNavigate({ from: "/datastores" });
  const open = useCallback(
    ({ name }: Datastore) => void go({ to: "/datastores/$name", params: { name }, search: (was) => ({ ws: was.ws }) }),
    [go],
  );
  return (
    <ResourceList<Datastore>
      ws={ws}
      title="Datastores"
      kind="datastores"
      columns={COLUMNS}
      onOpen={open}
      action={
        <Link to="/data" search={(was) => ({ ws: was.ws })} className="button">
          Data assets
        </Link>
      }
      empty={{
        title: "There are no datastores",
        about: "A datastore names a place for data:",
        commands: "zaffre datastore create -f datastore.yml",
      }}
    />
  );
}
