/** What is in use, against what may be; and for owners what every workspace may have. */
import { useState } from "react";
import type { Usage } from "../../api/computes";
import { type Quota, useCan, useQuotas, useRightsChange } from "../../api/people";
import { useAsked } from "../../api/resources";
import { Card } from "../../kit/Card";
import { Refusal, Refused, Skeleton } from "../../kit/Said";

const EVERY_MS = 5000;

export function Quotas({ ws }: { ws: string }) {
  const mayManage = useCan("manage");
  return (
    <>
      <Nodes ws={ws} />
      {mayManage && <Workspaces />}
    </>
  );
}

function Nodes({ ws }: { ws: string }) {
  const found = useAsked<{ value: Usage[] }>(ws, ["compute-usage"], "", { every: EVERY_MS });
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  return (
    <Card title="Nodes">
      <table className="plain-table">
        <thead>
          <tr>
            <th>What</th>
            <th className="end">In use</th>
            <th className="end">At most</th>
            <th style={{ width: "40%" }}>Share</th>
          </tr>
        </thead>
        <tbody>
          {found.data.value.map(({ name, current_value: used, limit }) => (
            <tr key={name.value}>
              <td>{name.localized_value}</td>
              <td className="end">{used}</td>
              <td className="end">{limit ?? "no limit"}</td>
              <td>
                <Share used={used} most={limit} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function Workspaces() {
  const found = useQuotas(EVERY_MS);
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  return (
    <Card title="Nodes a workspace may have at once">
      <table className="plain-table">
        <thead>
          <tr>
            <th>Workspace</th>
            <th className="end">In use</th>
            <th className="end">At most</th>
            <th style={{ width: "25%" }}>Share</th>
            <th aria-label="Change" />
          </tr>
        </thead>
        <tbody>
          {found.data.map((one) => (
            <Line key={one.workspace} one={one} />
          ))}
        </tbody>
      </table>
      <p className="quiet small" style={{ marginTop: 10 }}>
        Jobs above it wait for others of their workspace to end. What is not set here goes by the server’s settings (
        <code>compute.quota</code>).
      </p>
    </Card>
  );
}

function Line({ one }: { one: Quota }) {
  const change = useRightsChange();
  const [typed, setTyped] = useState<string>();
  const parts = ["quotas", one.workspace];
  const done = { onSuccess: () => setTyped(undefined) };
  const save = (event: { preventDefault: () => void }) => {
    event.preventDefault();
    const nodes = typed?.trim() ? Number(typed) : null;
    change.mutate({ method: "PUT", parts, body: { nodes } }, done);
  };
  return (
    <tr>
      <td>{one.workspace}</td>
      <td className="end">{one.in_use}</td>
      <td className="end">
        {typed === undefined ? (
          (one.nodes ?? "no limit")
        ) : (
          <form onSubmit={save} id={`quota-${one.workspace}`}>
            <span className="field" style={{ maxWidth: 120, marginLeft: "auto" }}>
              <input
                inputMode="numeric"
                aria-label={`Nodes of ${one.workspace}`}
                placeholder="no limit"
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            </span>
          </form>
        )}
        {change.error && <Refusal error={change.error} />}
      </td>
      <td>
        <Share used={one.in_use} most={one.nodes} />
      </td>
      <td className="end fit">
        {typed === undefined ? (
          <button
            key="change" // else it would turn into the next one while it is clicked, and submit
            type="button"
            className="button plain"
            aria-label={`Change the quota of ${one.workspace}`}
            onClick={() => setTyped(one.nodes === null ? "" : String(one.nodes))}
          >
            Change
          </button>
        ) : (
          <button key="save" className="button primary" form={`quota-${one.workspace}`} disabled={change.isPending}>
            Save
          </button>
        )}
        {one.is_set && typed === undefined && (
          <button
            className="button plain"
            title={`Back to what the settings say: ${one.settings_say ?? "no limit"}`}
            onClick={() => change.mutate({ method: "DELETE", parts }, done)}
          >
            By the settings
          </button>
        )}
      </td>
    </tr>
  );
}

function Share({ used, most }: { used: number; most: number | null }) {
  return most === null ? null : <meter min={0} max={most || 1} value={used} aria-label={`${used} of ${most}`} />;
}
