/** What a run has logged over time; for a parent without metrics of its own, its children's. */
import { useMemo, useState } from "react";
import { colorsOf } from "../../charts/colors";
import { LineChart } from "../../charts/LineChart";
import { type Axis, drawn } from "../../charts/series";
import { FINAL, useJobs } from "../../api/jobs";
import { flat } from "../../api/pages";
import { SYSTEM, useCourse, useTracked } from "../../api/tracked";
import { Empty, Refused, Skeleton } from "../../kit/Said";
import { number } from "../../lib/format";

import type { TabProps } from "./RunPage";

/** Charts that are drawn without being asked for. */
const MOST_CHARTS = 24;
const MOST_CURVES = 100;

export interface Look {
  axis: Axis;
  smoothing: number;
  isLog: boolean;
}

export function Metrics({ job, ws }: TabProps) {
  const own = useTracked(ws, job.name);
  const goal = job.spec.objective?.primary_metric;
  const isGoingOn = !FINAL.includes(job.state.status);
  const [look, setLook] = useState<Look>({ axis: "step", smoothing: 0, isLog: false });
  const [typed, setTyped] = useState("");
  if (own.isPending) return <Skeleton />;
  if (own.isError) return <Refused error={own.error} retry={() => void own.refetch()} />;
  const logged = own.data.metrics.map(({ key }) => key).filter((key) => !key.startsWith(SYSTEM));
  const keys = logged.filter((key) => key.toLowerCase().includes(typed.toLowerCase()));
  if (logged.length === 0 && !goal) {
    return (
      <Empty title="This job has logged no metrics">
        <pre>mlflow.log_metric(&quot;loss&quot;, 0.21, step=1)</pre>
      </Empty>
    );
  }
  return (
    <>
      <Controls look={look} onLook={setLook} typed={typed} onType={setTyped} />
      {goal && <OfChildren ws={ws} parent={job.name} metric={goal} look={look} isGoingOn={isGoingOn} />}
      <div className="charts">
        {keys.slice(0, MOST_CHARTS).map((key) => (
          <Chart key={key} ws={ws} runs={[job.name]} metric={key} look={look} isGoingOn={isGoingOn} />
        ))}
      </div>
      {keys.length > MOST_CHARTS && (
        <p className="quiet">{keys.length - MOST_CHARTS} more: search for those you want to see.</p>
      )}
    </>
  );
}

interface ControlProps {
  look: Look;
  onLook: (look: Look) => void;
  typed: string;
  onType: (typed: string) => void;
}

export function Controls({ look, onLook, typed, onType }: ControlProps) {
  return (
    <div className="row" style={{ flexWrap: "wrap" }}>
      <label className="field" style={{ width: 240 }}>
        <span className="visually-hidden">Search metrics</span>
        <input value={typed} placeholder="Search metrics" onChange={(event) => onType(event.target.value)} />
      </label>
      <label className="row small">
        Over
        <select
          className="select"
          value={look.axis}
          onChange={(event) => onLook({ ...look, axis: event.target.value as Axis })}
        >
          <option value="step">step</option>
          <option value="relative">seconds since its start</option>
          <option value="time">time</option>
        </select>
      </label>
      <label className="row small">
        Smoothing
        <input
          type="range"
          min={0}
          max={0.99}
          step={0.01}
          value={look.smoothing}
          onChange={(event) => onLook({ ...look, smoothing: Number(event.target.value) })}
        />
        <span className="number" style={{ width: 32 }}>
          {look.smoothing.toFixed(2)}
        </span>
      </label>
      <button className="chip" aria-pressed={look.isLog} onClick={() => onLook({ ...look, isLog: !look.isLog })}>
        Logarithmic
      </button>
    </div>
  );
}

interface ChartProps {
  ws: string;
  runs: string[];
  metric: string;
  look: Look;
  isGoingOn: boolean;
}

export function Chart({ ws, runs, metric, look, isGoingOn }: ChartProps) {
  const found = useCourse(ws, runs, metric, isGoingOn);
  const names = runs.join("\n");
  const columns = useMemo(() => drawn(found.data ?? [], names.split("\n"), look.axis), [found.data, names, look.axis]);
  const colors = colorsOf(columns.runs);
  const last = columns.columns[1]?.findLast((value) => value !== null);
  return (
    <section className="card">
      <header>
        <h3 className="grow ellipsis" title={metric}>
          {metric}
        </h3>
        {runs.length === 1 && typeof last === "number" && <span className="number quiet small">{number(last)}</span>}
      </header>
      <div className="inside">
        {found.isError ? (
          <Refused error={found.error} retry={() => void found.refetch()} />
        ) : columns.runs.length === 0 ? (
          <div className="chart-box" />
        ) : (
          <LineChart
            label={metric}
            drawn={columns}
            smoothing={look.smoothing}
            isLog={look.isLog}
            isTime={look.axis === "time"}
          />
        )}
        {runs.length > 1 && (
          <div className="legend">
            {columns.runs.map((run) => (
              <span key={run}>
                <i style={{ background: colors.get(run)?.color }} aria-hidden />
                {run}
              </span>
            ))}
          </div>
        )}
      </div>
    </section>
  );
}

interface ChildrenProps {
  ws: string;
  parent: string;
  metric: string;
  look: Look;
  isGoingOn: boolean;
}

function OfChildren({ ws, parent, metric, look, isGoingOn }: ChildrenProps) {
  const wanted = useMemo(() => ({ filter: "", parent }), [parent]);
  const children = useJobs(ws, wanted);
  const runs = flat(children.data?.pages ?? []).map(({ name }) => name);
  return <Chart ws={ws} runs={runs.slice(0, MOST_CURVES)} metric={metric} look={look} isGoingOn={isGoingOn} />;
}
