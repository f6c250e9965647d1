/** All runs over the numbers they differ in; what is dragged over stays, and is listed. */
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { colorOf } from "../../charts/colors";
import { ParallelCoords } from "../../charts/ParallelCoords";
import "../run/run.css";
import type { Run } from "./ComparePage";
import type { Row } from "./differing";

const MOST_AXES = 10;

export function Coordinates({ runs, rows }: { runs: Run[]; rows: Row[] }) {
  const [chosen, setChosen] = useState<string[]>([]);
  const keys = useMemo(
    () =>
      rows
        .filter(({ group, isDiffering }) => isDiffering && (group === "Parameters" || group === "Metrics"))
        .map(({ key }) => key)
        .slice(0, MOST_AXES),
    [rows],
  );
  const items = useMemo(
    () => runs.map(({ job, logged }) => ({ name: job.name, values: { ...logged.params, ...logged.metrics } })),
    [runs],
  );
  return (
    <section className="card">
      <div className="inside">
        <ParallelCoords label="Runs" items={items} keys={keys} onChoose={setChosen} />
        <p className="quiet small" role="status" style={{ margin: "8px 0" }}>
          {chosen.length} of {runs.length} chosen. Drag along an axis to choose; click it for all again.
        </p>
        <div className="legend">
          {chosen.map((name) => (
            <Link key={name} to="/jobs/$name" params={{ name }} search={(was) => ({ ws: was.ws })}>
              <i style={{ background: colorOf(name) }} aria-hidden />
              {name}
            </Link>
          ))}
        </div>
      </div>
    </section>
  );
}
