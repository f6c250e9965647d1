/** Two pipelines laid on each other: what only one of them has, and what differs in what both have. */
import { Handle, type Node, type NodeProps, type NodeTypes, Position } from "@xyflow/react";
import { Link, useSearch } from "@tanstack/react-router";
import { memo, useMemo, useState } from "react";
import { type Job, useJob } from "../../api/jobs";
import { type Change, differenceOf, fieldsApart } from "../../graph/diff";
import { GraphCanvas } from "../../graph/GraphCanvas";
import { useLayout } from "../../graph/useLayout";
import { Empty, Refused, Skeleton } from "../../kit/Said";
import { useWorkspace } from "../../shell/workspace";
import "../run/run.css";
import { Fields } from "./Fields";
import "./pipelines.css";

type PairNode = Node<{ title: string; change: Change; count: number }, "pair">;
const WORDS: Record<Change, string> = {
  removed: "only in the first",
  added: "only in the second",
  changed: "changed",
  same: "the same",
};

export function PairPage() {
  const ws = useWorkspace();
  const { a, b } = useSearch({ from: "/pipelines/compare" });
  const first = useJob(ws, a ?? "");
  const second = useJob(ws, b ?? "");
  if (!a || !b) {
    return (
      <Empty title="Choose two pipelines">
        <Link to="/pipelines" search={(was) => ({ ws: was.ws })}>
          The list of pipelines
        </Link>
      </Empty>
    );
  }
  const error = first.error ?? second.error;
  if (error) return <Refused error={error} />;
  if (!first.data || !second.data) return <Skeleton />;
  return <Pair a={first.data} b={second.data} />;
}

function Pair({ a, b }: { a: Job; b: Job }) {
  const [chosen, setChosen] = useState<string>();
  const found = useMemo(() => differenceOf(a.spec.jobs ?? {}, b.spec.jobs ?? {}), [a, b]);
  const whole = useMemo(() => fieldsApart(a.spec.inputs ?? {}, b.spec.inputs ?? {}), [a, b]);
  const placed = useLayout(found.graph);
  const nodes = useMemo(
    (): PairNode[] =>
      found.graph.steps.map((step) => {
        const { change = "same", fields = [] } = found.steps.get(step) ?? {};
        return {
          id: step,
          type: "pair",
          position: placed?.[step] ?? { x: 0, y: 0 },
          data: { title: step, change, count: fields.length },
        };
      }),
    [found, placed],
  );
  const edges = useMemo(
    () =>
      found.edges.map(({ from, to, change }, at) => ({
        id: `${at}`,
        source: from,
        target: to,
        className: `edge-${change}`,
      })),
    [found],
  );
  const counts = (["removed", "added", "changed", "same"] as const).map(
    (change) => [change, [...found.steps.values()].filter((step) => step.change === change).length] as const,
  );
  return (
    <>
      <div className="title">
        <h1>Two pipelines</h1>
        {[a, b].map((job, at) => (
          <span className="row" key={at}>
            <span className={`badge ${at ? "good" : "bad"}`}>{at ? "second" : "first"}</span>
            <Link to="/jobs/$name" params={{ name: job.name }} search={(was) => ({ ws: was.ws, tab: "graph" })}>
              {job.name}
            </Link>
          </span>
        ))}
      </div>
      <div className="row" style={{ padding: "0 24px 12px", flexWrap: "wrap" }} role="status">
        {counts.map(([change, count]) => (
          <span key={change} className={`tag pair-${change}`}>
            {count} {WORDS[change]}
          </span>
        ))}
      </div>
      <div
        className="card grow pipeline with-pane"
        style={{ margin: "0 24px 24px", gridTemplateColumns: "minmax(0, 1fr) 340px" }}
      >
        {placed ? (
          <GraphCanvas label="Both pipelines" nodes={nodes} edges={edges} types={TYPES} onChoose={setChosen} />
        ) : (
          <Skeleton />
        )}
        <aside className="step-pane" aria-label="Differences">
          {whole.length > 0 && (
            <>
              <h3>Inputs of the pipeline</h3>
              <Fields of={whole} />
            </>
          )}
          {[...found.steps]
            .filter(([step, { change }]) => (chosen ? step === chosen : change !== "same"))
            .map(([step, { change, fields }]) => (
              <section key={step}>
                <h3>
                  {step} <span className={`tag pair-${change}`}>{WORDS[change]}</span>
                </h3>
                <Fields of={fields} />
              </section>
            ))}
          {whole.length === 0 && counts[3]?.[1] === found.graph.steps.length && (
            <p className="quiet small">Their documents do not differ in steps or inputs.</p>
          )}
          {chosen && (
            <button className="button" onClick={() => setChosen(undefined)}>
              Show all differences
            </button>
          )}
        </aside>
      </div>
    </>
  );
}

const PairShown = memo(function PairShown({ data: { title, change, count } }: NodeProps<PairNode>) {
  return (
    <div className={`step pair-${change}`}>
      <Handle type="target" position={Position.Top} />
      <span className="ellipsis" title={title}>
        {title}
      </span>
      <span className="small">
        {change === "changed" ? `changed in ${count === 1 ? "one place" : `${count} places`}` : WORDS[change]}
      </span>
      <Handle type="source" position={Position.Bottom} />
    </div>
  );
});

const TYPES: NodeTypes = { pair: PairShown };
