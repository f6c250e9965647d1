/** Lineage as a graph, and as a list of the same things for whoever rather reads. */
import { Link } from "@tanstack/react-router";
import { Handle, type Node, type NodeProps, type NodeTypes, Position } from "@xyflow/react";
import { memo, useMemo, useState } from "react";
import { GraphCanvas } from "../graph/GraphCanvas";
import type { Wanted } from "../graph/layout.worker";
import type { Lineage, Thing } from "../graph/lineage";
import { useLayout } from "../graph/useLayout";
import { Skeleton } from "../kit/Said";
import { StatusBadge, statusTone } from "../kit/StatusBadge";
import "./lineage.css";

type ThingNode = Node<{ thing: Thing }, "thing">;

const HEIGHT = 72;
const SIDES = { before: "Comes from", self: "This", after: "Came of it" } as const;

export function LineageView({ lineage, note }: { lineage: Lineage; note?: string }) {
  const [isList, setList] = useState(false);
  return (
    <>
      <div className="row">
        <button className="chip" aria-pressed={!isList} onClick={() => setList(false)}>
          Graph
        </button>
        <button className="chip" aria-pressed={isList} onClick={() => setList(true)}>
          List
        </button>
        <span className="quiet small">{note}</span>
      </div>
      {isList ? <List lineage={lineage} /> : <Drawn lineage={lineage} />}
    </>
  );
}

function Drawn({ lineage }: { lineage: Lineage }) {
  const told = JSON.stringify(lineage);
  const { things, edges } = useMemo(() => JSON.parse(told) as Lineage, [told]); // by what it says, so that it stays still
  const wanted = useMemo((): Wanted => {
    const steps = things.map(({ id }) => id);
    return { steps, edges, direction: "LR", heights: Object.fromEntries(steps.map((id) => [id, HEIGHT])) };
  }, [things, edges]);
  const placed = useLayout(wanted);
  const nodes = useMemo(
    () =>
      things.map((thing): ThingNode => ({
        id: thing.id,
        type: "thing",
        position: placed?.[thing.id] ?? { x: 0, y: 0 },
        data: { thing },
      })),
    [things, placed],
  );
  const lines = useMemo(() => edges.map(({ from, to }, at) => ({ id: String(at), source: from, target: to })), [edges]);
  if (!placed || things.some(({ id }) => !(id in placed))) return <Skeleton />;
  return (
    <div className="card lineage-graph">
      <GraphCanvas key={told} label="Lineage" nodes={nodes} edges={lines} types={TYPES} hasLinks />
    </div>
  );
}

const ThingShown = memo(function ThingShown({ data: { thing } }: NodeProps<ThingNode>) {
  return (
    <div className={`thing-node is-${thing.side} ${thing.status ? statusTone(thing.status) : ""}`}>
      <Handle type="target" position={Position.Left} />
      <Told thing={thing} />
      <Handle type="source" position={Position.Right} />
    </div>
  );
});

const TYPES: NodeTypes = { thing: ThingShown };

function Told({ thing: { title, said, status, link } }: { thing: Thing }) {
  const version = link && "version" in link ? link.version : undefined;
  return (
    <>
      <span className="quiet small ellipsis">{said}</span>
      {link ? (
        <Link
          to={link.to}
          params={{ name: link.name }}
          search={(was) => ({ ws: was.ws, ...(version ? { version } : {}) })}
          className="ellipsis"
          title={title}
        >
          {title}
        </Link>
      ) : (
        <b className="ellipsis" title={title}>
          {title}
        </b>
      )}
      {status && <StatusBadge status={status} />}
    </>
  );
}

function List({ lineage }: { lineage: Lineage }) {
  return (
    <div className="lineage">
      {(["before", "self", "after"] as const).map((side) => {
        const things = lineage.things.filter((thing) => thing.side === side);
        return (
          <section key={side}>
            <h3 className="quiet">{SIDES[side]}</h3>
            {things.length === 0 && <p className="quiet small">Nothing that is known here.</p>}
            <ul>
              {things.map((thing) => (
                <li key={thing.id} className={`thing-node is-${side}`}>
                  <Told thing={thing} />
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}
