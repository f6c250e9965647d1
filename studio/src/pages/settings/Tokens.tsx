/** Personal tokens: made once and shown once, listed with when they were last used, revoked. */
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { ROLES, type Token, usePeople, useRightsChange, useTokens } from "../../api/people";
import { Card } from "../../kit/Card";
import { Confirm } from "../../kit/Confirm";
import { CopyButton } from "../../kit/CopyButton";
import { Dialog } from "../../kit/Dialog";
import { Refused, Skeleton } from "../../kit/Said";
import { exact } from "../../lib/format";
import { type Field, FormDialog } from "../../resources/Form";
import { KINDS } from "../../resources/kinds";
import { Ago } from "../jobs/columns";
import { rightsWays } from "./ways";

type Made = Token & { token: string };

export function Tokens() {
  const found = useTokens();
  const [isNew, setNew] = useState(false);
  const [made, setMade] = useState<Made>();
  const [gone, setGone] = useState<Token>();
  const change = useRightsChange();
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  return (
    <Card
      title="Tokens"
      action={
        <button className="button" onClick={() => setNew(true)}>
          <KeyRound size={14} aria-hidden /> New token
        </button>
      }
    >
      {found.data.length === 0 ? (
        <p className="quiet">
          None yet. A token lets a person, or a program of theirs, in with their role:{" "}
          <code>zaffre token create -n laptop --person anna</code>
        </p>
      ) : (
        <Table all={found.data} onRevoke={setGone} />
      )}
      {isNew && <NewToken onMade={setMade} onClose={() => setNew(false)} />}
      {made && <Shown made={made} onClose={() => setMade(undefined)} />}
      {gone && (
        <Confirm
          title={`Revoke ${gone.name}`}
          about={`Whoever uses it is ${gone.person} no more, at once. It stays listed.`}
          verb="Revoke"
          error={change.error}
          isBusy={change.isPending}
          onClose={() => setGone(undefined)}
          onDo={() =>
            change.mutate({ method: "DELETE", parts: ["tokens", gone.name] }, { onSuccess: () => setGone(undefined) })
          }
        />
      )}
    </Card>
  );
}

function Table({ all, onRevoke }: { all: Token[]; onRevoke: (one: Token) => void }) {
  return (
    <table className="plain-table">
      <thead>
        <tr>
          <th>Name</th>
          <th>Whose</th>
          <th>Role</th>
          <th>In</th>
          <th>Last used</th>
          <th>Ends</th>
          <th aria-label="Actions" />
        </tr>
      </thead>
      <tbody>
        {all.map((one) => (
          <tr key={one.name}>
            <td>
              <bdi>{one.name}</bdi>
            </td>
            <td>
              <bdi>{one.person}</bdi>
            </td>
            <td className="fit">{one.role}</td>
            <td className="fit">{one.workspace ?? "every workspace"}</td>
            <td className="fit">{one.last_used_at ? <Ago iso={one.last_used_at} /> : "never"}</td>
            <td className="fit" title={exact(one.revoked_at ?? one.expires_at)}>
              {endOf(one)}
            </td>
            <td className="end fit">
              {endOf(one) !== "revoked" && (
                <button className="button plain" onClick={() => onRevoke(one)} aria-label={`Revoke ${one.name}`}>
                  Revoke
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function endOf(one: Token): string {
  if (one.revoked_at) return "revoked";
  if (Date.parse(one.expires_at) < Date.now()) return "expired";
  return one.expires_at.slice(0, 10);
}

function NewToken({ onMade, onClose }: { onMade: (made: Made) => void; onClose: () => void }) {
  const people = usePeople().data ?? [];
  const change = useRightsChange<Made>();
  const fields: readonly Field[] = [
    { name: "name", label: "Name", isNeeded: true, placeholder: "anna-laptop", hint: "Where it will be used" },
    {
      name: "person",
      label: "Whose",
      kind: "select",
      options: people.map(({ name, role }) => [name, `${name} (${role})`]),
    },
    {
      name: "role",
      label: "Role",
      kind: "select",
      options: [["", "as they have"], ...ROLES.map(([role]) => [role, `at most ${role}`] as const)],
    },
    { name: "days", label: "Days until it ends", kind: "number", isNeeded: true },
  ];
  return (
    <FormDialog
      title="New token"
      about="It is shown once. Whoever has it gets in as its person."
      fields={fields}
      initial={{ person: people[0]?.name ?? "owner", role: "", days: "90" }}
      verb="Make"
      ws=""
      kind={KINDS.workspace}
      toSpec={({ name, person, role, days }) => ({
        name,
        person,
        days: Number(days),
        ...(role ? { role } : {}),
      })}
      ways={(_, { name, person, role, days }) =>
        rightsWays("token create", "tokens", "POST", { name, person, role, days })
      }
      send={async (body) => {
        onMade(await change.mutateAsync({ method: "POST", parts: ["tokens"], body }));
      }}
      onClose={onClose}
    />
  );
}

function Shown({ made, onClose }: { made: Made; onClose: () => void }) {
  const lines = `export ZAFFRE_URL=${location.origin}\nexport ZAFFRE_TOKEN=${made.token}`;
  return (
    <Dialog
      title={`The token ${made.name}`}
      about="Copy it now: it is kept nowhere, and not shown again."
      onClose={onClose}
    >
      <div className="row">
        <code className="grow" style={{ overflowWrap: "anywhere" }}>
          {made.token}
        </code>
        <CopyButton text={made.token} label="Copy" />
      </div>
      <p className="quiet small" style={{ margin: "12px 0 4px" }}>
        It logs a browser in, and works for the command line, Python, MLflow (MLFLOW_TRACKING_TOKEN) and, as the client
        secret, for Azure’s client:
      </p>
      <pre>{lines}</pre>
      <div className="row end">
        <button className="button primary" onClick={onClose}>
          Done
        </button>
      </div>
    </Dialog>
  );
}
