/** The rows of a table, a page at a time; read by the server in a process of its own, never all of them. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { PAGE_ROWS, useRows } from "../../api/data";
import { Refused, Skeleton } from "../../kit/Said";
import { RowsTable } from "../../preview/RowsTable";
import "../../preview/preview.css";
import type { AssetProps } from "./AssetPage";

export function Rows({ ws, asset }: AssetProps) {
  const { from = 0 } = useSearch({ from: "/data/$name" });
  const go = useNavigate({ from: "/data/$name" });
  const found = useRows(ws, asset.name, asset.version ?? "", from);
  const to = (next: number) => void go({ search: (was) => ({ ...was, from: next || undefined }) });
  if (found.isPending) return <Skeleton lines={10} />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  const { rows, columns, more } = found.data;
  return (
    <section className="card paged">
      <RowsTable label={`Rows of ${asset.name}`} columns={columns} rows={rows} from={from} />
      <footer className="bar" style={{ borderTop: "1px solid var(--line)", borderBottom: 0 }}>
        <span className="quiet small number" role="status">
          {rows.length ? `Rows ${from + 1} to ${from + rows.length}` : "There are no rows here"}
          {more && ", and more"} · {columns.length} columns
        </span>
        <span className="grow" />
        <button className="button" disabled={from === 0} onClick={() => to(Math.max(0, from - PAGE_ROWS))}>
          <ChevronLeft size={14} aria-hidden /> Before
        </button>
        <button className="button" disabled={!more} onClick={() => to(from + PAGE_ROWS)}>
          Next <ChevronRight size={14} aria-hidden />
        </button>
      </footer>
    </section>
  );
}
