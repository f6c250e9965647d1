/** How services outside are reached: what is said of them, and secrets that can be replaced and never be seen. */
import { KeyRound, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { type Resource, useChange, useResources } from "../../api/resources";
import { Act } from "../../kit/Act";
import { Card } from "../../kit/Card";
import { Confirm } from "../../kit/Confirm";
import { Empty, Refused, Skeleton } from "../../kit/Said";
import { FormDialog } from "../../resources/Form";
import { KINDS } from "../../resources/kinds";
import { Ago } from "../jobs/columns";
import { connectionOf, fieldsOf, SORTS, valuesOf } from "./sorts";

type Asks = { verb: "new" } | { verb: "change" | "delete"; one: Resource } | undefined;

export function Connections({ ws }: { ws: string }) {
  const found = useResources<Resource>(ws, "connections");
  const change = useChange(ws);
  const [asks, setAsks] = useState<Asks>();
  const close = () => setAsks(undefined);
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  const all = found.data.pages.flatMap((page) => page.value);
  return (
    <Card
      title="Connections"
      action={
        <Act className="button primary" onClick={() => setAsks({ verb: "new" })}>
          <Plus size={14} aria-hidden /> New connection
        </Act>
      }
    >
      {all.length === 0 ? (
        <Empty title="No service outside is known here">
          <p>A connection says where one is, and keeps its secret sealed. Jobs are granted it by name:</p>
          <pre>zaffre connection create -f connection.yml</pre>
        </Empty>
      ) : (
        <Table all={all} onAsk={setAsks} />
      )}
      {asks && asks.verb !== "delete" && (
        <FormDialog
          title={asks.verb === "new" ? "New connection" : `Change ${asks.one.name}`}
          fields={fieldsOf(asks.verb === "new")}
          initial={asks.verb === "new" ? { type: "python_feed", proof: "username_password" } : valuesOf(asks.one.spec)}
          verb={asks.verb === "new" ? "Create" : "Save"}
          ws={ws}
          kind={KINDS.connection}
          toSpec={(values) => connectionOf(values)}
          toShown={(values) => connectionOf(values, true)}
          send={(body) => change.mutateAsync({ method: "PUT", parts: ["connections", String(body.name)], body })}
          onClose={close}
        />
      )}
      {asks?.verb === "delete" && (
        <Confirm
          title={`Delete ${asks.one.name}`}
          about="Its secret goes with it, for good. Jobs that name it are refused."
          typed={asks.one.name}
          verb="Delete"
          error={change.error}
          isBusy={change.isPending}
          onClose={close}
          onDo={() => change.mutate({ method: "DELETE", parts: ["connections", asks.one.name] }, { onSuccess: close })}
        />
      )}
    </Card>
  );
}

function Table({ all, onAsk }: { all: Resource[]; onAsk: (asks: Asks) => void }) {
  return (
    <table className="plain-table">
      <thead>
        <tr>
          <th>Name</th>
          <th>Sort</th>
          <th>Where</th>
          <th>Secret</th>
          <th>Changed</th>
          <th aria-label="Actions" />
        </tr>
      </thead>
      <tbody>
        {all.map((one) => {
          const { name, spec, system } = one;
          const type = String(spec.type);
          return (
            <tr key={name}>
              <td>
                <bdi>{name}</bdi>
              </td>
              <td>{SORTS[type]?.word ?? type.replaceAll("_", " ")}</td>
              <td>
                <code>{where(spec)}</code>
              </td>
              <td>{secretOf(spec)}</td>
              <td>
                <Ago iso={system.modified_at} />
              </td>
              <td className="end">
                <Act className="button plain" disabled={!SORTS[type]} onClick={() => onAsk({ verb: "change", one })}>
                  <KeyRound size={14} aria-hidden /> Change
                </Act>
                <Act
                  needs="delete"
                  className="button plain icon"
                  aria-label={`Delete ${name}`}
                  title="Delete"
                  onClick={() => onAsk({ verb: "delete", one })}
                >
                  <Trash2 size={14} aria-hidden />
                </Act>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function where(spec: Record<string, unknown>): string {
  return String(spec.target ?? spec.api_base ?? spec.url ?? spec.endpoint ?? spec.azure_endpoint ?? "");
}

function secretOf({ credentials }: Record<string, unknown>): string {
  const type =
    typeof credentials === "object" && credentials !== null ? (credentials as { type?: string }).type : "none";
  return type === "none" || type === "aad" || type === "managed_identity" ? "none" : "sealed";
}
