/** Every column in numbers: what is missing, what is how frequent, how values are spread. */
import { type ColumnProfile, useProfile } from "../../api/data";
import { Histogram } from "../../charts/Histogram";
import { Refused, Skeleton } from "../../kit/Said";
import { number } from "../../lib/format";
import type { AssetProps } from "./AssetPage";
import { Matrix } from "./Matrix";

const MOST_SHARES = 3;

export function Profile({ ws, asset }: AssetProps) {
  const found = useProfile(ws, asset.name, asset.version ?? "");
  if (found.isPending) return <Skeleton lines={10} />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  const { rows, columns, correlation } = found.data;
  return (
    <>
      <p className="quiet small number">
        {number(rows)} rows, {columns.length} columns
      </p>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <section className="card" style={{ overflow: "auto", flex: "none" }} tabIndex={0} aria-label="Profile">
        <table className="profile">
          <thead>
            <tr>
              <th>Column</th>
              <th>Type</th>
              <th className="end">Missing</th>
              <th className="end">Distinct</th>
              <th className="end">Least</th>
              <th className="end">Median</th>
              <th className="end">Mean ± deviation</th>
              <th className="end">Most</th>
              <th>Spread</th>
            </tr>
          </thead>
          <tbody>
            {columns.map((column) => (
              <Line key={column.name} column={column} rows={rows} />
            ))}
          </tbody>
        </table>
      </section>
      {correlation && <Matrix {...correlation} />}
    </>
  );
}

function Line({ column, rows }: { column: ColumnProfile; rows: number }) {
  const { name, type, missing, distinct, mean, std, quantiles } = column;
  return (
    <tr>
      <th scope="row">
        <bdi>{name}</bdi>
      </th>
      <td>
        <span className="tag">{type}</span>
      </td>
      <td className="end">
        {missing ? `${number(missing)} (${((100 * missing) / Math.max(1, rows)).toFixed(1)} %)` : "–"}
      </td>
      <td className="end">
        {column.distinct_is_exact ? "" : "≈ "}
        {number(distinct)}
      </td>
      <td className="end">{said(column.min)}</td>
      <td className="end">{quantiles?.p50 === undefined ? "–" : number(quantiles.p50)}</td>
      <td className="end">{mean === undefined ? "–" : `${number(mean)} ± ${number(std ?? 0)}`}</td>
      <td className="end">{said(column.max)}</td>
      <td>
        {column.histogram?.counts.length ? (
          <Histogram label={name} {...column.histogram} />
        ) : (
          <Shares top={column.top} rows={rows} />
        )}
      </td>
    </tr>
  );
}

function Shares({ top, rows }: { top: ColumnProfile["top"]; rows: number }) {
  return (
    <div className="share">
      {top.slice(0, MOST_SHARES).map(({ value, count }, at) => (
        <div key={at}>
          <i style={{ width: `${(100 * count) / Math.max(1, rows)}%` }} aria-hidden />
          <span className="grow ellipsis">
            <bdi>{said(value)}</bdi>
          </span>
          <span className="number">{number(count)}</span>
        </div>
      ))}
    </div>
  );
}

function said(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return number(value);
  const text = typeof value === "object" ? JSON.stringify(value) : String(value as string);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
