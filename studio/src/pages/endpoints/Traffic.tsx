/** Who gets how much: sliders that are a hundred together, and a copy for one that is only watched. */
import { useState } from "react";
import type { Deployment, Endpoint, Rollout } from "../../api/endpoints";
import { useChange } from "../../api/resources";
import { Act } from "../../kit/Act";
import { Card } from "../../kit/Card";
import { Refusal } from "../../kit/Said";
import { CopyAs } from "../../resources/CopyAs";
import { shifted, type Shares, total } from "./shares";

interface Props {
  ws: string;
  endpoint: Endpoint;
  deployments: Deployment[];
}

/** Who gets copies, and of how many percent. */
type Mirrored = readonly [name: string, percent: number];

const MOST_MIRRORED = 50;

export function Traffic({ ws, endpoint, deployments }: Props) {
  const { name, spec, state } = endpoint;
  const before = sharesOf(deployments, spec.traffic);
  const [shares, setShares] = useState<Shares>(before);
  const [mirror, setMirror] = useState<Mirrored>(Object.entries(spec.mirror_traffic ?? {})[0] ?? ["", 10]);
  const change = useChange(ws);
  const names = Object.keys(shares);
  const traffic = Object.fromEntries(Object.entries(shares).filter(([, share]) => share > 0));
  const copied = copiesOf(mirror, shares);
  const isSame = same(traffic, spec.traffic) && same(copied, spec.mirror_traffic);
  const idle = names.filter((one) => !shares[one]);
  const save = () =>
    change.mutate({
      method: "PUT",
      parts: ["online-endpoints", name],
      body: { ...spec, traffic, mirror_traffic: copied },
    });
  return (
    <Card
      title="Traffic"
      action={
        <span className={`small number ${total(shares) === 100 ? "quiet" : "wrong"}`}>{total(shares)}% in all</span>
      }
    >
      <div className="stack">
        <Moving rollout={state.rollout} />
        <div className="shares">
          {names.map((one) => (
            <Share
              key={one}
              name={one}
              share={shares[one] ?? 0}
              onChange={(share) => setShares(shifted(shares, one, share))}
            />
          ))}
        </div>
        {idle.length > 0 && <Mirror idle={idle} mirror={mirror} onChange={setMirror} />}
        {change.error && <Refusal error={change.error} />}
        <div className="row end">
          <CopyAs ways={() => written(ws, name, traffic, copied)} />
          <span className="grow" />
          <button className="button" disabled={isSame} onClick={() => setShares(before)}>
            Reset
          </button>
          <Act className="button primary" disabled={isSame || change.isPending} onClick={save}>
            Move the traffic
          </Act>
        </div>
      </div>
    </Card>
  );
}

function Moving({ rollout }: { rollout: Rollout | null | undefined }) {
  if (rollout?.status !== "InProgress") return null;
  return (
    <p className="quiet small" role="status">
      It is being moved in steps: {told(rollout.now ?? {})}.
    </p>
  );
}

interface MirrorProps {
  idle: string[];
  mirror: Mirrored;
  onChange: (mirror: Mirrored) => void;
}

function Mirror({ idle, mirror: [name, percent], onChange }: MirrorProps) {
  return (
    <div className="row small">
      <label className="row">
        A copy for
        <select className="select" value={name} onChange={(event) => onChange([event.target.value, percent])}>
          <option value="">nobody</option>
          {idle.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      {name && (
        <label className="row">
          of
          <select className="select" value={percent} onChange={(event) => onChange([name, Number(event.target.value)])}>
            {[1, 5, 10, 20, 30, 40, MOST_MIRRORED].map((share) => (
              <option key={share} value={share}>
                {share}%
              </option>
            ))}
          </select>
          of all requests; its answers go to nobody
        </label>
      )}
    </div>
  );
}

function Share({ name, share, onChange }: { name: string; share: number; onChange: (share: number) => void }) {
  return (
    <>
      <span className="ellipsis">{name}</span>
      <input
        type="range"
        min={0}
        max={100}
        value={share}
        aria-label={`Share of ${name}`}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      <input
        type="number"
        min={0}
        max={100}
        value={share}
        aria-label={`Percent of ${name}`}
        onChange={(event) => onChange(Number(event.target.value))}
      />
    </>
  );
}

/** Who answers gets no copies. */
function copiesOf([name, percent]: Mirrored, shares: Shares): Shares {
  return name && !shares[name] ? { [name]: percent } : {};
}

function sharesOf(deployments: Deployment[], traffic: Shares = {}): Shares {
  return Object.fromEntries(deployments.map(({ name }) => [name, traffic[name] ?? 0]).sort());
}

function same(one: Shares, other: Shares = {}): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => (one[name] ?? 0) === (other[name] ?? 0));
}

function told(shares: Shares): string {
  return Object.entries(shares)
    .map(([name, share]) => `${name} ${share}%`)
    .join(", ");
}

/** The command that does what the sliders do. */
export function written(ws: string, name: string, traffic: Shares, mirror: Shares) {
  const pairs = (shares: Shares) =>
    Object.entries(shares)
      .map(([one, share]) => `${one}=${share}`)
      .join(" ");
  const where = ws === "default" ? "" : ` -w ${ws}`;
  const mirrored = Object.keys(mirror).length > 0 ? ` --mirror-traffic "${pairs(mirror)}"` : "";
  return {
    cli: `zaffre online-endpoint update --name ${name} --traffic "${pairs(traffic)}"${mirrored}${where}\n`,
    python: [
      "from zaffre import MLClient",
      "",
      `client = MLClient(${ws === "default" ? "" : `workspace_name="${ws}"`})`,
      `endpoint = client.online_endpoints.get("${name}")`,
      `endpoint.traffic = ${JSON.stringify(traffic)}`,
      ...(mirrored ? [`endpoint.mirror_traffic = ${JSON.stringify(mirror)}`] : []),
      "client.online_endpoints.begin_create_or_update(endpoint).result()",
      "",
    ].join("\n"),
  };
}
