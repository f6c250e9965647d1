/** A column a run, a row for everything they have; the least and the most of each number are marked. */
import { Link, useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import { colorOf } from "../../charts/colors";
import { Empty } from "../../kit/Said";
import { StatusBadge } from "../../kit/StatusBadge";
import { number } from "../../lib/format";
import type { Run } from "./ComparePage";
import { ends, type Row } from "./differing";

export function DiffTable({ runs, rows }: { runs: Run[]; rows: Row[] }) {
  const go = useNavigate({ from: "/compare" });
  const without = (name: string) => {
    const ids = runs.map(({ job }) => job.name).filter((one) => one !== name);
    void go({ search: (was) => ({ ...was, ids: ids.join(",") || undefined }) });
  };
  if (rows.length === 0) return <Empty title="They do not differ">Show everything to see what they have.</Empty>;
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div className="card diff" tabIndex={0} role="region" aria-label="Differences">
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">What</span>
            </th>
            {runs.map(({ job }) => (
              <th key={job.name} scope="col">
                <span className="row">
                  <i style={{ background: colorOf(job.name) }} aria-hidden />
                  <Link
                    to="/jobs/$name"
                    params={{ name: job.name }}
                    search={(was) => ({ ws: was.ws })}
                    className="ellipsis grow"
                    title={job.name}
                  >
                    {job.name}
                  </Link>
                  <button
                    className="button plain icon"
                    aria-label={`Leave out ${job.name}`}
                    onClick={() => without(job.name)}
                  >
                    <X size={14} aria-hidden />
                  </button>
                </span>
                <StatusBadge status={job.state.status} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <Line key={`${row.group} ${row.key}`} row={row} isFirst={rows[at - 1]?.group !== row.group} runs={runs} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line({ row, isFirst, runs }: { row: Row; isFirst: boolean; runs: Run[] }) {
  const marked = row.group === "Metrics" ? ends(row.values) : undefined;
  return (
    <>
      {isFirst && (
        <tr>
          <th scope="colgroup" colSpan={runs.length + 1} className="group">
            {row.group}
          </th>
        </tr>
      )}
      <tr>
        <th scope="row" title={row.key}>
          <bdi>{row.key}</bdi>
        </th>
        {row.values.map((value, at) => (
          <td
            key={runs[at]?.job.name}
            className={`${typeof value === "number" ? "number" : ""} ${row.isDiffering ? "differs" : ""}`}
            title={String(value ?? "")}
          >
            <bdi>{value === undefined ? "–" : typeof value === "number" ? number(value) : value}</bdi>
            {marked?.most === at && <span className="mark">most</span>}
            {marked?.least === at && <span className="mark">least</span>}
          </td>
        ))}
      </tr>
    </>
  );
}
