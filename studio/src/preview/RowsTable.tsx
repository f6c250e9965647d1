/** Rows of values under named columns, of which only those in sight exist. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { number } from "../lib/format";

interface Props {
  label: string;
  columns: { name: string; type?: string }[];
  rows: unknown[][];
  /** Number of the first row. */
  from?: number;
}

const HEIGHT = 30;
const MOST_COLUMNS = 200;

export function RowsTable({ label, columns, rows, from = 0 }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const shown = columns.slice(0, MOST_COLUMNS);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => HEIGHT,
    overscan: 10,
  });
  const tracks = `64px ${shown.map(({ name }) => `minmax(${Math.min(220, 60 + name.length * 8)}px, 1fr)`).join(" ")}`;
  const isNumeric = (at: number) => typeof rows.find((row) => row[at] !== null)?.[at] === "number";
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div ref={box} className="rows" role="table" aria-label={label} aria-rowcount={rows.length + 1} tabIndex={0}>
      <div className="rows-head" role="row" style={{ gridTemplateColumns: tracks }}>
        <div role="columnheader" className="quiet">
          #
        </div>
        {shown.map(({ name, type }, at) => (
          <div
            key={at}
            role="columnheader"
            className={`ellipsis${isNumeric(at) ? " end" : ""}`}
            title={type ? `${name}: ${type}` : name}
          >
            <bdi>{name}</bdi> {type && <span className="quiet small">{type}</span>}
          </div>
        ))}
      </div>
      <div role="rowgroup" style={{ position: "relative", height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <div
            key={index}
            role="row"
            aria-rowindex={index + 2}
            className="rows-line"
            style={{ gridTemplateColumns: tracks, transform: `translateY(${start}px)` }}
          >
            <div role="cell" className="quiet number">
              {from + index + 1}
            </div>
            {shown.map((_, at) => (
              <Value key={at} value={rows[index]?.[at]} />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

function Value({ value }: { value: unknown }) {
  if (value === null || value === undefined || value === "") {
    return (
      <div role="cell" className="quiet">
        –
      </div>
    );
  }
  const isNumber = typeof value === "number";
  const text = isNumber ? number(value) : typeof value === "object" ? JSON.stringify(value) : String(value as string);
  return (
    <div role="cell" className={`ellipsis${isNumber ? " end number" : ""}`} title={text}>
      <bdi>{text}</bdi>
    </div>
  );
}
