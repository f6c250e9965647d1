/** Text, JSON and delimited text. */
import { useMemo } from "react";
import { delimited, separatorOf } from "./delimited";
import { Lines } from "./Lines";
import { Read, type Viewed } from "./Read";
import { RowsTable } from "./RowsTable";

const MOST = 10 * 1024 * 1024;

export function TextView(viewed: Viewed) {
  return (
    <Read {...viewed} most={MOST}>
      {(text) => <Lines label={viewed.file.path} text={text} />}
    </Read>
  );
}

export function JsonView(viewed: Viewed) {
  return (
    <Read {...viewed} most={MOST}>
      {(text, isCut) => <Json path={viewed.file.path} text={text} isCut={isCut} />}
    </Read>
  );
}

function Json({ path, text, isCut }: { path: string; text: string; isCut: boolean }) {
  const { shown, wrong } = useMemo(() => indented(text), [text]);
  return (
    <>
      {wrong && !isCut && (
        <p className="notice" role="status">
          This is no JSON: {wrong}
        </p>
      )}
      <Lines label={path} text={shown} />
    </>
  );
}

function indented(text: string): { shown: string; wrong?: string } {
  try {
    return { shown: JSON.stringify(JSON.parse(text), null, 2) };
  } catch (error) {
    return { shown: text, wrong: error instanceof Error ? error.message : String(error) };
  }
}

export function TableView(viewed: Viewed) {
  return (
    <Read {...viewed} most={MOST}>
      {(text, isCut) => <Table path={viewed.file.path} text={text} isCut={isCut} />}
    </Read>
  );
}

function Table({ path, text, isCut }: { path: string; text: string; isCut: boolean }) {
  const found = useMemo(() => {
    const whole = isCut ? text.slice(0, text.lastIndexOf("\n") + 1) : text;
    return delimited(whole, separatorOf(path, whole));
  }, [path, text, isCut]);
  const columns = useMemo(() => found.head.map((name) => ({ name })), [found]);
  if (found.isOpen || found.head.length === 0) {
    return (
      <>
        <p className="notice" role="status">
          {found.isOpen ? "A quote is opened and never closed, so this is shown as text." : "There are no rows."}
        </p>
        <Lines label={path} text={text} />
      </>
    );
  }
  return (
    <>
      {found.uneven > 0 && (
        <p className="notice" role="status">
          {found.uneven} of {found.rows.length} rows have another number of values than the first line.
        </p>
      )}
      <RowsTable label={path} columns={columns} rows={found.rows} />
    </>
  );
}
