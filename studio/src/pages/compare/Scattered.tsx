/** One number of each run over another: a metric over a parameter, or two metrics. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { Scatter } from "../../charts/Scatter";
import { Empty } from "../../kit/Said";
import "../run/run.css";
import type { Run } from "./ComparePage";
import type { Row } from "./differing";
import { dotsOf, idOf, numeric } from "./dots";

export function Scattered({ runs, rows }: { runs: Run[]; rows: Row[] }) {
  const { x, y } = useSearch({ from: "/compare" });
  const go = useNavigate({ from: "/compare" });
  const axes = useMemo(() => numeric(rows), [rows]);
  const up = axes.find((row) => idOf(row) === y) ?? axes[0];
  const across =
    axes.find((row) => idOf(row) === x) ?? axes.find(({ group }) => group === "Parameters") ?? axes[1] ?? up;
  if (!up || !across) return <Empty title="There are no two numbers that these runs have" />;
  const dots = dotsOf(
    runs.map(({ job }) => job.name),
    across,
    up,
  );
  const choose = (axis: "x" | "y") => (id: string) =>
    void go({ search: (was) => ({ ...was, [axis]: id }), replace: true });
  return (
    <section className="card">
      <div className="inside">
        <div className="row">
          <Axis label="Up" axes={axes} chosen={up} onChoose={choose("y")} />
          <Axis label="Across" axes={axes} chosen={across} onChoose={choose("x")} />
          <span className="quiet small" role="status">
            {dots.length} of {runs.length} have both
          </span>
        </div>
        {dots.length > 0 && (
          <Scatter
            x={across.key}
            y={up.key}
            dots={dots}
            onOpen={(name) => void go({ to: "/jobs/$name", params: { name }, search: (was) => ({ ws: was.ws }) })}
          />
        )}
        <div className="legend">
          {dots.map(({ name, color }) => (
            <span key={name}>
              <i style={{ background: color }} aria-hidden />
              {name}
            </span>
          ))}
        </div>
      </div>
    </section>
  );
}

interface AxisProps {
  label: string;
  axes: Row[];
  chosen: Row;
  onChoose: (id: string) => void;
}

function Axis({ label, axes, chosen, onChoose }: AxisProps) {
  return (
    <label className="row small">
      {label}
      <select className="select" value={idOf(chosen)} onChange={(event) => onChoose(event.target.value)}>
        {axes.map((row) => (
          <option key={idOf(row)} value={idOf(row)}>
            {row.key}
          </option>
        ))}
      </select>
    </label>
  );
}
