/** The code of two runs, file by file, as it was when each was submitted. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Fragment, useEffect, useMemo, useState } from "react";
import { getText, path } from "../../api/client";
import { useCode } from "../../api/jobs";
import { Empty, Refused, Skeleton } from "../../kit/Said";
import { bytes } from "../../lib/format";
import { folded, type Fold, type Line } from "../../lib/linediff";
import { type Pair, paired } from "./codefiles";
import type { Run } from "./ComparePage";
import "../run/run.css";

const MOST = 2 * 1024 * 1024;
const SIGNS = { same: " ", gone: "−", new: "+" } as const;
const WORDS = { same: "the same", changed: "changed", gone: "only left", new: "only right" } as const;

export function CodeDiff({ ws, runs }: { ws: string; runs: Run[] }) {
  const names = useMemo(() => runs.map(({ job }) => job.name), [runs]);
  const { left, right } = useSearch({ from: "/compare" });
  const go = useNavigate({ from: "/compare" });
  const one = runs.find(({ job }) => job.name === left) ?? runs[0];
  const other = runs.find(({ job }) => job.name === right) ?? runs.find((run) => run !== one);
  if (!one || !other) return <Empty title="Add a second job">Code is compared between two.</Empty>;
  const choose = (side: "left" | "right") => (name: string) =>
    void go({ search: (was) => ({ ...was, [side]: name, file: undefined }), replace: true });
  return (
    <>
      <div className="row">
        <Side label="Left" names={names} chosen={one.job.name} onChoose={choose("left")} />
        <Side label="Right" names={names} chosen={other.job.name} onChoose={choose("right")} />
      </div>
      <Codes ws={ws} before={one.job.state.code ?? ""} after={other.job.state.code ?? ""} />
    </>
  );
}

interface SideProps {
  label: string;
  names: string[];
  chosen: string;
  onChoose: (name: string) => void;
}

function Side({ label, names, chosen, onChoose }: SideProps) {
  return (
    <label className="row small">
      {label}
      <select className="select" value={chosen} onChange={(event) => onChoose(event.target.value)}>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

function Codes({ ws, before, after }: { ws: string; before: string; after: string }) {
  const { file } = useSearch({ from: "/compare" });
  const go = useNavigate({ from: "/compare" });
  const old = useCode(ws, before);
  const now = useCode(ws, after);
  const pairs = useMemo(() => paired(old.data ?? [], now.data ?? []), [old.data, now.data]);
  if (!before && !after) return <Empty title="Neither has code">Both are commands alone.</Empty>;
  for (const found of [old, now]) {
    if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
    if (found.isLoading) return <Skeleton />;
  }
  const differing = pairs.filter(({ change }) => change !== "same");
  const chosen = pairs.find((pair) => pair.path === file) ?? pairs[0];
  return (
    <>
      <p className="quiet small" role="status">
        {differing.length === 0 ? "The code is the same." : `${differing.length} of ${pairs.length} files differ.`}
      </p>
      <div className="card whole split code-diff">
        <nav className="side tree" aria-label="Files">
          <ul>
            {pairs.map((pair) => (
              <li key={pair.path}>
                <button
                  aria-current={pair === chosen}
                  title={pair.path}
                  onClick={() => void go({ search: (was) => ({ ...was, file: pair.path }), replace: true })}
                >
                  <bdi className="grow ellipsis">{pair.path}</bdi>
                  <span className={`small change ${pair.change}`}>{WORDS[pair.change]}</span>
                </button>
              </li>
            ))}
          </ul>
        </nav>
        <div className="main">
          {chosen && (
            <FileDiff key={`${old.root} ${now.root} ${chosen.path}`} pair={chosen} roots={[old.root, now.root]} />
          )}
        </div>
      </div>
    </>
  );
}

/** Only the file that is looked at is read, and one that is the same only once. */
function FileDiff({ pair, roots }: { pair: Pair; roots: [string, string] }) {
  const most = Math.max(pair.before?.size ?? 0, pair.after?.size ?? 0);
  const [wanted, setWanted] = useState(most <= MOST);
  const text = async (has: unknown, root: string) =>
    has ? (await getText(`${root}/${path(pair.path)}`, most + 1)).text : "";
  const found = useQuery({
    queryKey: ["code-pair", ...roots, pair.path],
    queryFn: async () => {
      const before = await text(pair.before?.size, roots[0]);
      return { before, after: pair.change === "same" ? before : await text(pair.after?.size, roots[1]) };
    },
    enabled: wanted,
    staleTime: Infinity,
    gcTime: 60_000,
  });
  const lines = useLines(found.data);
  if (!wanted) {
    return (
      <Empty title={`This file has ${bytes(most)}`}>
        <button className="button" onClick={() => setWanted(true)}>
          Compare it all the same
        </button>
      </Empty>
    );
  }
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  if (!found.data || !lines) return <Skeleton />;
  if (`${found.data.before}${found.data.after}`.includes("\0")) return <Empty title="This is no text" />;
  return <Lines label={pair.path} lines={lines} />;
}

function useLines(texts: { before: string; after: string } | undefined): Line[] | undefined {
  const [lines, setLines] = useState<Line[]>();
  useEffect(() => {
    if (!texts) return;
    const worker = new Worker(new URL("./diff.worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<Line[]>) => setLines(data);
    worker.postMessage(texts);
    return () => worker.terminate();
  }, [texts]);
  return lines;
}

const MOST_SHOWN = 5000;

function Lines({ label, lines }: { label: string; lines: Line[] }) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const parts = useMemo(() => folded(lines), [lines]);
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div className="diff-lines" tabIndex={0} role="region" aria-label={`Differences in ${label}`}>
      <table>
        <tbody>
          {parts.slice(0, MOST_SHOWN).map((part, at) =>
            part.kind !== "fold" ? (
              <LineShown key={at} line={part} />
            ) : opened.has(at) ? (
              <Fragment key={at}>
                {part.lines.slice(0, MOST_SHOWN).map((line) => (
                  <LineShown key={line.before} line={line} />
                ))}
              </Fragment>
            ) : (
              <FoldLine key={at} fold={part} onOpen={() => setOpened(new Set([...opened, at]))} />
            ),
          )}
        </tbody>
      </table>
      {parts.length > MOST_SHOWN && <p className="quiet small">The first {MOST_SHOWN} lines of changes are shown.</p>}
    </div>
  );
}

function LineShown({ line }: { line: Line }) {
  return (
    <tr className={line.kind}>
      <td className="number">{line.before}</td>
      <td className="number">{line.after}</td>
      <td>
        <span>{SIGNS[line.kind]} </span>
        <bdi>{line.text}</bdi>
      </td>
    </tr>
  );
}

function FoldLine({ fold, onOpen }: { fold: Fold; onOpen: () => void }) {
  return (
    <tr className="fold">
      <td colSpan={3}>
        <button onClick={onOpen}>{fold.lines.length} lines that are the same</button>
      </td>
    </tr>
  );
}
