/** A table of any length: only the rows in sight exist, more are asked for near the end, and arrows walk through it. */
import { createColumnHelper, type RowData, tableFeatures, useTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef } from "react";

export interface Column<T extends RowData> {
  id: string;
  header: string;
  /** A track of a CSS grid, such as `minmax(220px, 2fr)`. */
  width: string;
  end?: boolean;
  cell: (item: T) => ReactNode;
}

interface Props<T extends RowData> {
  label: string;
  items: T[];
  /** Stable, at module level or memoised. */
  columns: Column<T>[];
  idOf: (item: T) => string;
  onOpen: (item: T) => void;
  onNearEnd?: () => void;
  hasMore?: boolean;
}

const features = tableFeatures({});
const HEIGHT = 40;
const NEAR = 20;
const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };

export function DataTable<T extends RowData>({ label, items, columns, idOf, onOpen, onNearEnd, hasMore }: Props<T>) {
  const box = useRef<HTMLDivElement>(null);
  const defined = useMemo(() => {
    const helper = createColumnHelper<typeof features, T>();
    return columns.map((column) =>
      helper.display({ id: column.id, header: column.header, cell: ({ row }) => column.cell(row.original) }),
    );
  }, [columns]);
  const table = useTable({ features, columns: defined, data: items, getRowId: idOf });
  const rows = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => HEIGHT,
    getItemKey: (at) => rows[at]?.id ?? at,
    overscan: 12,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= rows.length - NEAR) onNearEnd?.();
  }, [hasMore, last, rows.length, onNearEnd]);

  const tracks = columns.map((column) => column.width).join(" ");
  const walk = (event: KeyboardEvent, at: number) => {
    const step = STEPS[event.key];
    const row = rows[at];
    if (event.key === "Enter" && row && event.target === event.currentTarget) onOpen(row.original);
    if (!step) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(rows.length - 1, at + step));
    virtual.scrollToIndex(next);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-at="${next}"]`)?.focus());
  };

  return (
    <div ref={box} className="grid grow" role="grid" aria-label={label} aria-rowcount={hasMore ? -1 : rows.length + 1}>
      <div className="head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: tracks }}>
        {columns.map((column) => (
          <div key={column.id} role="columnheader" className={`cell ellipsis${column.end ? " end" : ""}`}>
            {column.header}
          </div>
        ))}
      </div>
      <div role="rowgroup" style={{ position: "relative", flex: "none", height: virtual.getTotalSize() }}>
        {shown.map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          return (
            <div
              key={item.key}
              className="line"
              role="row"
              tabIndex={item.index === shown[0]?.index ? 0 : -1}
              data-at={item.index}
              aria-rowindex={item.index + 2}
              style={{ gridTemplateColumns: tracks, transform: `translateY(${item.start}px)` }}
              onClick={(event) => {
                if (!(event.target as Element).closest("a, button, input")) onOpen(row.original);
              }}
              onKeyDown={(event) => walk(event, item.index)}
            >
              {row.getAllCells().map((cell, at) => (
                <div key={cell.id} role="gridcell" className={`cell ellipsis${columns[at]?.end ? " end" : ""}`}>
                  <table.FlexRender cell={cell} />
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}
