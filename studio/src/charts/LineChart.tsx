/** Curves over steps or time: drag to zoom, double click for all; the cursor moves in all charts of a page together. */
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { number } from "../lib/format";
import { useTheme } from "../lib/hooks";
import { colorsOf } from "./colors";
import { type Drawn, smoothed } from "./series";

interface Props {
  label: string;
  drawn: Drawn;
  smoothing: number;
  isLog: boolean;
  isTime: boolean;
}

const SYNC = uPlot.sync("metrics");

export function LineChart({ label, drawn, smoothing, isLog, isTime }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [theme] = useTheme();
  useEffect(() => {
    const at = box.current;
    if (!at) return;
    const chart = new uPlot(options(at, drawn, isLog, isTime), columns(drawn, smoothing, isLog), at);
    const watch = new ResizeObserver(() => chart.setSize({ width: at.clientWidth, height: at.clientHeight }));
    watch.observe(at);
    return () => {
      watch.disconnect();
      chart.destroy();
    };
  }, [drawn, smoothing, isLog, isTime, theme]);
  return <div ref={box} className="chart-box" role="img" aria-label={summary(label, drawn)} />;
}

function columns({ columns: [xs, ...rows] }: Drawn, smoothing: number, isLog: boolean): uPlot.AlignedData {
  const kept = rows.map((row) => smoothed(row, smoothing));
  // A logarithm has no place for what is not above zero.
  return [xs, ...kept.map((row) => (isLog ? row.map((value) => (value !== null && value > 0 ? value : null)) : row))];
}

/** Of each span between ticks, in seconds: how a tick says when it is, and what is said below it where the day changes. */
const CLOCK: uPlot.Axis.Values = [
  [365 * 86400, "{YYYY}", null, null, null, null, null, null, 1],
  [28 * 86400, "{MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [86400, "{DD} {MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [60, "{HH}:{mm}", "\n{DD} {MMM}", null, "\n{DD} {MMM}", null, null, null, 1],
  [1, "{HH}:{mm}:{ss}", "\n{DD} {MMM}", null, "\n{DD} {MMM}", null, null, null, 1],
  [0.001, ":{ss}.{fff}", "\n{DD} {MMM} {HH}:{mm}", null, "\n{DD} {MMM} {HH}:{mm}", null, "\n{HH}:{mm}", null, 1],
];

function options(at: HTMLElement, { runs, columns: [xs] }: Drawn, isLog: boolean, isTime: boolean): uPlot.Options {
  const style = getComputedStyle(at);
  const ink = style.getPropertyValue("--ink-2");
  const grid = { stroke: style.getPropertyValue("--line"), width: 1 };
  const axis = { stroke: ink, grid, ticks: grid, font: "11px Inter Variable, sans-serif" };
  const colors = colorsOf(runs);
  const few = xs.length < 40;
  return {
    width: at.clientWidth,
    height: at.clientHeight,
    scales: { x: { time: isTime }, y: { distr: isLog ? 3 : 1 } },
    axes: [
      { ...axis, ...(isTime && { values: CLOCK }) },
      { ...axis, size: 64, values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : number(tick))) },
    ],
    series: [
      {},
      ...runs.map((run) => ({
        label: run,
        stroke: colors.get(run)?.color,
        dash: colors.get(run)?.dash,
        width: 1.5,
        spanGaps: true,
        points: { show: few, size: 5, fill: colors.get(run)?.color },
      })),
    ],
    cursor: { sync: { key: SYNC.key }, points: { size: 7 } },
    legend: { show: false },
  };
}

function summary(label: string, { runs, columns: [, ...rows] }: Drawn): string {
  const last = rows[0]?.findLast((value) => value !== null);
  const told = typeof last === "number" ? `, last ${number(last)}` : "";
  return `${label}, ${runs.length} series${told}`;
}
