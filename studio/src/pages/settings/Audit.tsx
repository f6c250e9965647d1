/** What people did and what they were refused, the newest first. */
import { useState } from "react";
import { type Deed, useAudit, usePeople } from "../../api/people";
import { Card } from "../../kit/Card";
import { Empty, Refused, Skeleton } from "../../kit/Said";
import { Ago } from "../jobs/columns";

const SORTS = [
  "RequestDenied", "LoggedIn", "SecretRead", "TokenMade", "TokenRevoked", "PersonChanged", "PersonRemoved", "QuotaChanged",
  "ResourceCreated", "ResourceUpdated", "ResourceArchived", "ResourceDeleted", "RunStatusChanged",
]; // prettier-ignore

export function Audit() {
  const [actor, setActor] = useState("");
  const [type, setType] = useState("");
  const people = usePeople().data ?? [];
  const found = useAudit({ actor: actor && `user:${actor}`, type });
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  const all = found.data.pages.flatMap((page) => page.value);
  return (
    <Card
      title="Audit log"
      action={
        <span className="row">
          <Choice label="Who" value={actor} all={people.map(({ name }) => name)} none="everybody" onChoose={setActor} />
          <Choice label="What" value={type} all={SORTS} none="everything" onChoose={setType} />
        </span>
      }
    >
      {all.length === 0 ? (
        <Empty title="Nothing is like that">
          <p>What people do and what they are refused is written down here, and never changed.</p>
        </Empty>
      ) : (
        <table className="plain-table">
          <thead>
            <tr>
              <th className="fit">When</th>
              <th className="fit">Who</th>
              <th className="fit">What</th>
              <th>About</th>
              <th className="fit">In</th>
              <th>More</th>
            </tr>
          </thead>
          <tbody>
            {all.map((deed) => (
              <Line key={deed.seq} deed={deed} />
            ))}
          </tbody>
        </table>
      )}
      {found.hasNextPage && (
        <div className="row" style={{ marginTop: 10 }}>
          <button className="button" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            Older
          </button>
        </div>
      )}
    </Card>
  );
}

function Line({ deed }: { deed: Deed }) {
  return (
    <tr>
      <td className="fit">
        <Ago iso={deed.at} />
      </td>
      <td className="fit">
        <bdi>{deed.actor.replace("user:", "")}</bdi>
      </td>
      <td className="fit">{deed.type.replace(/(?<!^)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}</td>
      <td>
        <code style={{ overflowWrap: "anywhere" }}>
          {deed.type === "RequestDenied" ? `${String(deed.data.method)} ${String(deed.data.path)}` : deed.subject}
        </code>
      </td>
      <td className="fit">{deed.workspace ?? ""}</td>
      <td className="quiet">{moreOf(deed)}</td>
    </tr>
  );
}

/** What else is said, where it is short enough to be read here. */
function moreOf({ type, data }: Deed): string {
  const told = Object.entries(data).filter(
    ([name, value]) =>
      !(type === "RequestDenied" && ["method", "path"].includes(name)) &&
      ["string", "number", "boolean"].includes(typeof value) &&
      value !== "",
  );
  return told.map(([name, value]) => `${name.replaceAll("_", " ")} ${String(value)}`).join(", ");
}

interface ChoiceProps {
  label: string;
  value: string;
  all: string[];
  none: string;
  onChoose: (value: string) => void;
}

function Choice({ label, value, all, none, onChoose }: ChoiceProps) {
  return (
    <select className="select" aria-label={label} value={value} onChange={(event) => onChoose(event.target.value)}>
      <option value="">{none}</option>
      {all.map((one) => (
        <option key={one}>{one}</option>
      ))}
    </select>
  );
}
