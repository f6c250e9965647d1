/** The metrics of all runs, a chart each, a curve a run. */
import { useMemo, useState } from "react";
import { Empty } from "../../kit/Said";
import { Chart, Controls, type Look } from "../run/Metrics";
import "../run/run.css";
import type { Run } from "./ComparePage";

const MOST_CHARTS = 24;

export function Curves({ ws, runs, isGoingOn }: { ws: string; runs: Run[]; isGoingOn: boolean }) {
  const [look, setLook] = useState<Look>({ axis: "step", smoothing: 0, isLog: false });
  const [typed, setTyped] = useState("");
  const names = useMemo(() => runs.map(({ job }) => job.name), [runs]);
  const keys = useMemo(() => [...new Set(runs.flatMap(({ logged }) => Object.keys(logged.metrics)))].sort(), [runs]);
  if (keys.length === 0) return <Empty title="None of them has logged a metric" />;
  const fitting = keys.filter((key) => key.toLowerCase().includes(typed.toLowerCase()));
  return (
    <>
      <Controls look={look} onLook={setLook} typed={typed} onType={setTyped} />
      <div className="charts">
        {fitting.slice(0, MOST_CHARTS).map((key) => (
          <Chart key={key} ws={ws} runs={names} metric={key} look={look} isGoingOn={isGoingOn} />
        ))}
      </div>
      {fitting.length > MOST_CHARTS && (
        <p className="quiet">{fitting.length - MOST_CHARTS} more: search for those you want to see.</p>
      )}
    </>
  );
}
