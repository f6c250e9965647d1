/** What deployments did: requests, latency, errors, what waited, processor and memory, over a window of time. */
import { useMemo, useState } from "react";
import "../run/run.css";
import { type Reading, useMeasured } from "../../api/endpoints";
import { LineChart } from "../../charts/LineChart";
import { colorsOf } from "../../charts/colors";
import type { Drawn } from "../../charts/series";
import { Card } from "../../kit/Card";
import { Refusal } from "../../kit/Said";
import { bytes, number } from "../../lib/format";
import { curves, type Measure } from "./curves";

const WINDOWS = [
  [300, 5, "5 minutes"],
  [3600, 30, "1 hour"],
  [21_600, 180, "6 hours"],
  [86_400, 600, "24 hours"],
] as const;

const CHARTS: { title: string; measures: Measure[] }[] = [
  { title: "Requests per second", measures: [["", (one) => one.requests_per_second]] },
  {
    title: "Latency, ms",
    measures: [
      ["p50", (one) => one.latency_ms.p50],
      ["p95", (one) => one.latency_ms.p95],
      ["p99", (one) => one.latency_ms.p99],
    ],
  },
  { title: "Errors, percent", measures: [["", (one) => one.error_rate]] },
  { title: "Waiting requests, at most", measures: [["", (one) => one.queued.most]] },
  { title: "Processor, percent of one", measures: [["", (one) => one.cpu_percent]] },
  { title: "Memory, MB", measures: [["", (one) => one.memory_bytes / 1e6]] },
];

export function Metrics({ ws, endpoint, deployments }: { ws: string; endpoint: string; deployments: string[] }) {
  const [at, setAt] = useState(0);
  const [window, step] = WINDOWS[at] ?? WINDOWS[0];
  const found = useMeasured(ws, endpoint, deployments, window, step);
  const error = found.find((one) => one.error)?.error;
  const told = found.flatMap((one) => (one.data ? [one.data] : []));
  const stamp = found.map((one) => one.dataUpdatedAt).join(" ");
  const all = useMemo(
    () => told.map(({ deployment, series = [] }): [string, Reading[]] => [deployment, series]),
    [stamp], // eslint-disable-line react-hooks/exhaustive-deps -- the answers change when they are newer, not at each drawing
  );
  const sum = (of: (one: (typeof told)[number]) => number) => told.reduce((whole, one) => whole + of(one), 0);
  return (
    <>
      <div className="row" role="group" aria-label="Window of time">
        {WINDOWS.map(([seconds, , word], place) => (
          <button key={seconds} className="chip" aria-pressed={place === at} onClick={() => setAt(place)}>
            {word}
          </button>
        ))}
      </div>
      {error && <Refusal error={error} />}
      <div className="tiles number">
        <Tile word="Requests" value={number(sum((one) => one.window.requests))} />
        <Tile word="Errors" value={number(sum((one) => one.window.errors))} />
        <Tile word="Under way now" value={number(sum((one) => one.now.in_flight))} />
        <Tile word="Waiting now" value={number(sum((one) => one.now.queued))} />
        <Tile word="Replicas now" value={number(sum((one) => one.now.replicas))} />
        <Tile word="Memory now" value={bytes(sum((one) => one.now.memory_bytes))} />
      </div>
      <div className="charts">
        {CHARTS.map(({ title, measures }) => (
          <Chart key={title} title={title} drawn={curves(all, measures)} />
        ))}
      </div>
    </>
  );
}

function Tile({ word, value }: { word: string; value: string }) {
  return (
    <div className="tile">
      <b>{value}</b>
      <span className="quiet small">{word}</span>
    </div>
  );
}

function Chart({ title, drawn }: { title: string; drawn: Drawn }) {
  const colors = colorsOf(drawn.runs);
  return (
    <Card title={title}>
      {drawn.columns[0].length === 0 ? (
        <p className="quiet">Nothing was measured in this time.</p>
      ) : (
        <LineChart label={title} drawn={drawn} smoothing={0} isLog={false} isTime />
      )}
      <div className="legend">
        {drawn.runs.map((name) => (
          <span key={name} className="row">
            <i style={{ background: colors.get(name)?.color }} aria-hidden />
            {name}
          </span>
        ))}
      </div>
    </Card>
  );
}
