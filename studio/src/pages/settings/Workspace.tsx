/** The workspace that is shown, and the others. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { getJson, path, sendJson } from "../../api/client";
import { useWorkspaces } from "../../api/jobs";
import type { Resource } from "../../api/resources";
import { Act } from "../../kit/Act";
import { Card, Pairs } from "../../kit/Card";
import { Refused, Skeleton } from "../../kit/Said";
import { actor, exact } from "../../lib/format";
import { EditTexts } from "../../resources/EditTexts";
import { type Field, filled, FormDialog } from "../../resources/Form";
import { KINDS } from "../../resources/kinds";
import { FIRST } from "../../shell/workspace";
import { Ago } from "../jobs/columns";

type Found = Resource<Record<string, unknown> & { description?: string; tags?: Record<string, string> }>;

const FIELDS: readonly Field[] = [
  { name: "name", label: "Name", isNeeded: true, placeholder: "team-blue" },
  { name: "description", label: "Description" },
];

export function Workspace({ ws }: { ws: string }) {
  const client = useQueryClient();
  const url = `/api/v1/workspaces/${path(ws)}`;
  const found = useQuery({ queryKey: ["workspaces", ws], queryFn: () => getJson<Found>(url) });
  const save = useMutation({
    mutationFn: (body: Record<string, unknown>) => sendJson("PUT", url, body),
    onSettled: () => client.invalidateQueries({ queryKey: ["workspaces"] }),
  });
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  const { name, spec, system } = found.data;
  return (
    <div className="beside">
      <div>
        <EditTexts
          description={spec.description ?? ""}
          tags={spec.tags ?? {}}
          onSave={(description, tags) => save.mutateAsync({ ...spec, description, tags })}
        />
        <Others shown={ws} />
      </div>
      <div>
        <Card title="What it is">
          <Pairs
            of={[
              ["Name", <code key="name">{name}</code>],
              ["Made", exact(system.created_at)],
              ["By", actor(system.created_by)],
              ["In commands", <code key="flag">{`-w ${name}`}</code>],
            ]}
          />
        </Card>
      </div>
    </div>
  );
}

function Others({ shown }: { shown: string }) {
  const found = useWorkspaces();
  const client = useQueryClient();
  const go = useNavigate();
  const [isMaking, setMaking] = useState(false);
  return (
    <Card
      title="Workspaces"
      action={
        <Act needs="manage" className="button" onClick={() => setMaking(true)}>
          <Plus size={14} aria-hidden /> New workspace
        </Act>
      }
    >
      <table className="plain-table">
        <thead>
          <tr>
            <th>Name</th>
            <th>Made</th>
            <th>By</th>
          </tr>
        </thead>
        <tbody>
          {found.data?.map(({ name, system }) => (
            <tr key={name}>
              <td className="row">
                <Link to="/settings" search={{ ws: name === FIRST ? undefined : name }}>
                  {name}
                </Link>
                {name === shown && <span className="tag">shown now</span>}
              </td>
              <td>
                <Ago iso={system.created_at} />
              </td>
              <td>{actor(system.created_by)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {isMaking && (
        <FormDialog
          title="New workspace"
          about="A place of its own for jobs, assets and endpoints."
          fields={FIELDS}
          verb="Create"
          ws={FIRST}
          kind={KINDS.workspace}
          toSpec={filled}
          send={async (spec) => {
            const name = String(spec.name);
            await sendJson("PUT", `/api/v1/workspaces/${path(name)}`, spec);
            await client.invalidateQueries({ queryKey: ["workspaces"] });
            void go({ to: "/settings", search: { ws: name } });
          }}
          onClose={() => setMaking(false)}
        />
      )}
    </Card>
  );
}
