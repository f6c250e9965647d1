/** Addresses that answer: online at once, batch as jobs. */
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { collectionOf, type Endpoint } from "../../api/endpoints";
import { useChange } from "../../api/resources";
import { Act } from "../../kit/Act";
import type { Column } from "../../kit/DataTable";
import { StatusBadge } from "../../kit/StatusBadge";
import { by, created, tags } from "../../resources/columns";
import { type Field, filled, FormDialog } from "../../resources/Form";
import { KINDS } from "../../resources/kinds";
import { ResourceList } from "../../resources/ResourceList";
import { useWorkspace } from "../../shell/workspace";

type Sort = "batch" | undefined;

const ONLINE = columnsFor(undefined);
const BATCH = columnsFor("batch");

function columnsFor(sort: Sort): Column<Endpoint>[] {
  return [
    {
      id: "name",
      header: "Name",
      width: "minmax(200px, 2fr)",
      cell: ({ name }) => (
        <Link to="/endpoints/$name" params={{ name }} search={(was) => ({ ws: was.ws, sort })}>
          {name}
        </Link>
      ),
    },
    {
      id: "state",
      header: "State",
      width: "130px",
      cell: ({ state }) => <StatusBadge status={state.provisioning_state} />,
    },
    sort === "batch"
      ? {
          id: "default",
          header: "Answers",
          width: "minmax(140px, 1fr)",
          cell: ({ spec }) => spec.defaults?.deployment_name ?? "",
        }
      : { id: "traffic", header: "Traffic", width: "minmax(160px, 1.5fr)", cell: ({ spec }) => shared(spec.traffic) },
    { id: "auth", header: "Proof", width: "110px", cell: ({ spec }) => (spec.auth_mode === "key" ? "key" : "token") },
    tags(),
    created(),
    by(),
  ];
}

function shared(traffic: Record<string, number> | undefined): string {
  const parts = Object.entries(traffic ?? {}).filter(([, share]) => share > 0);
  return parts.map(([name, share]) => `${name} ${share}%`).join(" · ") || "none";
}

const FIELDS: readonly Field[] = [
  { name: "name", label: "Name", isNeeded: true, placeholder: "wine" },
  { name: "description", label: "Description" },
  {
    name: "auth_mode",
    label: "Callers prove themselves with",
    kind: "select",
    options: [
      ["key", "a key"],
      ["aml_token", "a token that ends"],
      ["aad_token", "a token of the directory"],
    ],
  },
];

export function EndpointsPage() {
  const ws = useWorkspace();
  const { sort } = useSearch({ from: "/endpoints" });
  const go = useNavigate({ from: "/endpoints" });
  const change = useChange(ws);
  const [isMaking, setMaking] = useState(false);
  const kind = collectionOf(sort);
  const open = (name: string) =>
    void go({ to: "/endpoints/$name", params: { name }, search: (was) => ({ ws: was.ws, sort }) });
  const group = sort === "batch" ? "batch" : "online";
  return (
    <>
      <ResourceList<Endpoint>
        key={kind}
        ws={ws}
        title={sort === "batch" ? "Batch endpoints" : "Endpoints"}
        kind={kind}
        columns={sort === "batch" ? BATCH : ONLINE}
        onOpen={({ name }) => open(name)}
        sortOf={({ state }) => state.provisioning_state}
        empty={{
          title: `There is no ${group} endpoint yet`,
          about: "One is made, and then a deployment that answers there:",
          commands: `zaffre ${group}-endpoint create -f endpoint.yml\nzaffre ${group}-deployment create -f deployment.yml`,
        }}
        action={
          <>
            <div className="row" role="group" aria-label="Sort of endpoints">
              <button
                className="chip"
                aria-pressed={sort !== "batch"}
                onClick={() => void go({ search: (was) => ({ ws: was.ws }) })}
              >
                Online
              </button>
              <button
                className="chip"
                aria-pressed={sort === "batch"}
                onClick={() => void go({ search: (was) => ({ ws: was.ws, sort: "batch" }) })}
              >
                Batch
              </button>
            </div>
            <Act className="button primary" onClick={() => setMaking(true)}>
              <Plus size={14} aria-hidden /> New endpoint
            </Act>
          </>
        }
      />
      {isMaking && (
        <FormDialog
          title={`A new ${group} endpoint`}
          fields={FIELDS}
          initial={{ auth_mode: sort === "batch" ? "aad_token" : "key" }}
          verb="Create"
          ws={ws}
          kind={sort === "batch" ? KINDS.batchEndpoint : KINDS.onlineEndpoint}
          toSpec={filled}
          send={async (spec) => {
            await change.mutateAsync({ method: "PUT", parts: [kind, String(spec.name)], body: spec });
            open(String(spec.name));
          }}
          onClose={() => setMaking(false)}
        />
      )}
    </>
  );
}
