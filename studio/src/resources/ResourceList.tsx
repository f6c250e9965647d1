/** A list of things of one kind: title and count, the way to a new one, search, chips that count, rows, archiving many. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Archive, ArchiveRestore } from "lucide-react";
import { type ReactNode, useCallback, useMemo, useState } from "react";
import { type Resource, useChange, useResources } from "../api/resources";
import { Act } from "../kit/Act";
import { type Column, DataTable } from "../kit/DataTable";
import { Empty, Refusal, Refused, Skeleton } from "../kit/Said";
import { SearchBox } from "../kit/SearchBox";
import { counted, matching } from "./matching";

export interface ListSearch {
  ws?: string;
  q?: string;
  is?: string;
  view?: "archived";
}

interface Props<T extends Resource> {
  ws: string;
  title: string;
  kind: string;
  columns: Column<T>[];
  onOpen: (item: T) => void;
  /** What the chips tell apart; the order is that of the first seen. */
  sortOf?: (item: T) => string;
  /** What is searched beside names. */
  wordsOf?: (item: T) => string;
  action?: ReactNode;
  /** What stands where there is none yet, with the commands that make one. */
  empty: { title: string; about: string; commands: string };
  canArchive?: boolean;
}

const nameOf = (item: Resource) => item.name;

export function ResourceList<T extends Resource>(props: Props<T>) {
  const { ws, title, kind, canArchive } = props;
  const search: ListSearch = useSearch({ strict: false });
  const isArchived = search.view === "archived";
  const go = useNavigate();
  const set = useCallback(
    (more: Partial<ListSearch>, replace = false) =>
      void go({ to: ".", search: (was) => ({ ...was, ...more }), replace }),
    [go],
  );
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const { found, items, shown, chips } = useFound(props, search);
  const setTyped = useCallback((q: string) => set({ q: q || undefined }, true), [set]);
  return (
    <>
      <div className="title">
        <h1>{title}</h1>
        <span className="quiet number" role="status">
          {found.data && shown.length}
          {found.hasNextPage && "+"}
        </span>
        <span className="grow" />
        {props.action}
      </div>
      <div className="row filters">
        <SearchBox
          label={`Search ${title.toLowerCase()}`}
          value={search.q ?? ""}
          placeholder="Name, description, tag"
          onChange={setTyped}
        />
        <Chips chips={chips} chosen={search.is} onChoose={(is) => set({ is })} />
        {canArchive && (
          <button
            className="chip"
            aria-pressed={isArchived}
            onClick={() => set({ view: isArchived ? undefined : "archived" })}
          >
            Archived
          </button>
        )}
        {picked.size > 0 && (
          <Many ws={ws} kind={kind} names={[...picked]} isArchived={isArchived} onDone={() => setPicked(new Set())} />
        )}
      </div>
      <div className="card grow listed">
        {found.data === undefined ? (
          <Unread found={found} />
        ) : shown.length === 0 ? (
          <None {...props} isFiltered={items.length > 0 || isArchived} />
        ) : (
          <Rows {...props} items={shown} picked={canArchive ? picked : undefined} onPick={setPicked} more={found} />
        )}
      </div>
    </>
  );
}

/** What the server has, what the search leaves of it, and how many of each sort that is. */
function useFound<T extends Resource>({ ws, kind, sortOf, wordsOf }: Props<T>, { q, is, view }: ListSearch) {
  const found = useResources<T>(ws, kind, { view: view ?? "active" });
  const items = useMemo(() => all(found.data?.pages), [found.data]);
  const searched = useMemo(() => matching(items, q ?? "", wordsOf), [items, q, wordsOf]);
  const shown = sortOf && is ? searched.filter((item) => sortOf(item) === is) : searched;
  return { found, items, shown, chips: sortOf ? counted(items, searched, sortOf) : [] };
}

function all<T>(pages: { value: T[] }[] = []): T[] {
  return pages.flatMap((page) => page.value);
}

function Unread({ found }: { found: { error: Error | null; refetch: () => unknown } }) {
  if (!found.error) return <Skeleton lines={10} />;
  return <Refused error={found.error} retry={() => void found.refetch()} />;
}

interface ChipsProps {
  chips: [string, number][];
  chosen: string | undefined;
  onChoose: (word: string | undefined) => void;
}

function Chips({ chips, chosen, onChoose }: ChipsProps) {
  if (chips.length < 2 && !chosen) return null;
  return chips.map(([word, count]) => (
    <button
      key={word}
      className="chip"
      aria-pressed={chosen === word}
      onClick={() => onChoose(chosen === word ? undefined : word)}
    >
      {word} <span className="number">{count}</span>
    </button>
  ));
}

interface RowsProps<T extends Resource> extends Props<T> {
  items: T[];
  picked: ReadonlySet<string> | undefined;
  onPick: (names: ReadonlySet<string>) => void;
  more: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

function Rows<T extends Resource>({ title, items, columns, onOpen, picked, onPick, more }: RowsProps<T>) {
  const withBox = useMemo(() => {
    if (!picked) return columns;
    const box: Column<T> = {
      id: "picked",
      header: "",
      width: "40px",
      cell: ({ name }) => (
        <input
          type="checkbox"
          aria-label={`Choose ${name}`}
          checked={picked.has(name)}
          onChange={() => {
            const next = new Set(picked);
            if (!next.delete(name)) next.add(name);
            onPick(next);
          }}
        />
      ),
    };
    return [box, ...columns];
  }, [columns, picked, onPick]);
  const { isFetchingNextPage, fetchNextPage } = more;
  const next = useCallback(() => void (isFetchingNextPage || fetchNextPage()), [isFetchingNextPage, fetchNextPage]);
  return (
    <DataTable
      label={title}
      items={items}
      columns={withBox}
      idOf={nameOf}
      onOpen={onOpen}
      onNearEnd={next}
      hasMore={more.hasNextPage}
    />
  );
}

interface ManyProps {
  ws: string;
  kind: string;
  names: string[];
  isArchived: boolean;
  onDone: () => void;
}

function Many({ ws, kind, names, isArchived, onDone }: ManyProps) {
  const change = useChange(ws);
  const [error, setError] = useState<Error | null>(null);
  const Sign = isArchived ? ArchiveRestore : Archive;
  const all = async () => {
    setError(null);
    try {
      for (const name of names) {
        await change.mutateAsync({ method: "POST", parts: [kind, name, isArchived ? "restore" : "archive"] });
      }
      onDone();
    } catch (wrong) {
      setError(wrong instanceof Error ? wrong : new Error(String(wrong)));
    }
  };
  return (
    <>
      <Act className="button" disabled={change.isPending} onClick={() => void all()}>
        <Sign size={14} aria-hidden /> {isArchived ? "Restore" : "Archive"} {names.length}
      </Act>
      <button className="button plain" onClick={onDone}>
        Clear
      </button>
      {error && <Refusal error={error} />}
    </>
  );
}

function None<T extends Resource>({ empty, isFiltered }: Props<T> & { isFiltered: boolean }) {
  if (isFiltered) return <Empty title="Nothing is like that">Take a filter away, or search for less.</Empty>;
  return (
    <Empty title={empty.title}>
      <p>{empty.about}</p>
      <pre>{empty.commands}</pre>
    </Empty>
  );
}
