/** Who has which role. Owners give them; others see their own. */
import { Trash2, UserPlus } from "lucide-react";
import { useState } from "react";
import { type Person, type Role, ROLES, useMay, useMe, usePeople, useRightsChange } from "../../api/people";
import { useWorkspaces } from "../../api/jobs";
import { Card, Pairs } from "../../kit/Card";
import { Confirm } from "../../kit/Confirm";
import { Refusal, Refused, Skeleton } from "../../kit/Said";
import { type Field, FormDialog } from "../../resources/Form";
import { KINDS } from "../../resources/kinds";
import { rightsWays } from "./ways";
import { Ago } from "../jobs/columns";

/** What stands in place of a workspace where all are meant; no workspace has such a name. */
const EVERY = "";

export function People() {
  const found = usePeople();
  const [isNew, setNew] = useState(false);
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  return (
    <Card
      title="People"
      action={
        <button className="button" onClick={() => setNew(true)}>
          <UserPlus size={14} aria-hidden /> Add somebody
        </button>
      }
    >
      <table className="plain-table">
        <thead>
          <tr>
            <th>Name</th>
            <th>Role</th>
            <th>In</th>
            <th>Added</th>
            <th aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {found.data.map((one) => (
            <Line key={one.name} one={one} />
          ))}
        </tbody>
      </table>
      <p className="quiet small" style={{ marginTop: 10 }}>
        {ROLES.map(([role, about]) => `${role}: ${about}`).join(" · ")}
      </p>
      {isNew && <NewPerson onClose={() => setNew(false)} />}
    </Card>
  );
}

function Line({ one }: { one: Person }) {
  const change = useRightsChange();
  const [isGoing, setGoing] = useState(false);
  const give = (role: string) =>
    change.mutate({ method: "PUT", parts: ["people", one.name], body: { role, workspace: one.workspace } });
  return (
    <tr>
      <td>
        <bdi>{one.name}</bdi>
      </td>
      <td>
        {one.is_first ? (
          one.role
        ) : (
          <select
            className="select"
            aria-label={`Role of ${one.name}`}
            value={one.role}
            disabled={change.isPending}
            onChange={(event) => give(event.target.value)}
          >
            {ROLES.map(([role]) => (
              <option key={role}>{role}</option>
            ))}
          </select>
        )}
        {change.error && <Refusal error={change.error} />}
      </td>
      <td className="fit">{one.workspace ?? "every workspace"}</td>
      <td>{one.created_at ? <Ago iso={one.created_at} /> : "has the token of this installation"}</td>
      <td className="end fit">
        {!one.is_first && (
          <button
            className="button plain icon"
            aria-label={`Remove ${one.name}`}
            title="Remove"
            onClick={() => setGoing(true)}
          >
            <Trash2 size={14} aria-hidden />
          </button>
        )}
        {isGoing && (
          <Confirm
            title={`Remove ${one.name}`}
            about="Their tokens open nothing from now on. What they made stays."
            verb="Remove"
            error={change.error}
            isBusy={change.isPending}
            onClose={() => setGoing(false)}
            onDo={() => change.mutate({ method: "DELETE", parts: ["people", one.name] })}
          />
        )}
      </td>
    </tr>
  );
}

function NewPerson({ onClose }: { onClose: () => void }) {
  const change = useRightsChange();
  const workspaces = useWorkspaces().data ?? [];
  const fields: readonly Field[] = [
    { name: "name", label: "Name", isNeeded: true, placeholder: "anna" },
    { name: "role", label: "Role", kind: "select", options: ROLES.map(([role, about]) => [role, `${role}: ${about}`]) },
    {
      name: "workspace",
      label: "In",
      kind: "select",
      options: [[EVERY, "every workspace"], ...workspaces.map(({ name }) => [name, name] as const)],
    },
  ];
  return (
    <FormDialog
      title="Add somebody"
      about="Then make them a token, which is how they log in."
      fields={fields}
      initial={{ role: "contributor", workspace: EVERY }}
      verb="Add"
      ws={EVERY}
      kind={KINDS.workspace}
      toSpec={(values) => ({ name: values.name, role: values.role, workspace: values.workspace || null })}
      ways={(_, { name, role, workspace }) =>
        rightsWays("person set", `people/${String(name)}`, "PUT", { name, role, workspace })
      }
      send={({ name, ...body }) => change.mutateAsync({ method: "PUT", parts: ["people", String(name)], body })}
      onClose={onClose}
    />
  );
}

/** Who one is, and what follows from it. */
export function Myself() {
  const me = useMe().data;
  const why = useMay("manage");
  if (!me) return null;
  return (
    <Card title="You">
      <Pairs
        of={[
          ["Name", <bdi key="name">{me.name}</bdi>],
          ["Role", roleOf(me.role)],
          ["In", me.workspace ?? "every workspace"],
          ["Logged in with", me.token ? <code key="token">{me.token}</code> : "the token of this installation"],
        ]}
      />
      {why && (
        <p className="quiet small" style={{ marginTop: 8 }}>
          Owners see and give roles and tokens.
        </p>
      )}
    </Card>
  );
}

function roleOf(role: Role | null): string {
  const about = ROLES.find(([name]) => name === role)?.[1];
  return about ? `${role}: ${about}` : "a job";
}
