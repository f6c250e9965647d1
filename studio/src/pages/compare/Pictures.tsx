/** The pictures that runs have left under the same name, beside each other: ROC curves, confusion matrices, samples. */
import { useQueries } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { colorOf } from "../../charts/colors";
import { type FileEntry, getJson, path } from "../../api/client";
import { jobRoot } from "../../api/jobs";
import { Empty, Refused, Skeleton } from "../../kit/Said";
import { isImage } from "../../preview/kinds";
import type { Run } from "./ComparePage";

const MOST_RUNS = 12;
const MOST_PICTURES = 24;

export function Pictures({ ws, runs }: { ws: string; runs: Run[] }) {
  const [typed, setTyped] = useState("");
  const shown = useMemo(() => runs.slice(0, MOST_RUNS).map(({ job }) => job.name), [runs]);
  const found = useQueries({
    queries: shown.map((name) => ({
      queryKey: ["files", ws, name],
      queryFn: async () => (await getJson<{ value: FileEntry[] }>(`${jobRoot(ws, name)}/files?top=1000`)).value,
      staleTime: 30_000,
    })),
    combine: (all) => ({
      error: all.find(({ error }) => error)?.error,
      isPending: all.some(({ isPending }) => isPending),
      files: all.map(({ data }) => data ?? []),
    }),
  });
  if (found.error) return <Refused error={found.error} />;
  if (found.isPending) return <Skeleton />;
  const sets = found.files.map((files) => new Set(files.map((file) => file.path).filter(isImage)));
  const paths = [...new Set(sets.flatMap((set) => [...set]))].sort(
    (a, b) => among(sets, b) - among(sets, a) || a.localeCompare(b),
  );
  if (paths.length === 0)
    return (
      <Empty title="None of them has left a picture">
        <pre>mlflow.log_figure(figure, &quot;confusion.png&quot;)</pre>
      </Empty>
    );
  const fitting = paths.filter((at) => at.toLowerCase().includes(typed.toLowerCase()));
  return (
    <>
      <label className="field" style={{ width: 240 }}>
        <span className="visually-hidden">Search pictures</span>
        <input value={typed} placeholder="Search pictures" onChange={(event) => setTyped(event.target.value)} />
      </label>
      {runs.length > MOST_RUNS && <p className="quiet small">The first {MOST_RUNS} jobs are shown.</p>}
      <div className="beside">
        {fitting.slice(0, MOST_PICTURES).map((at) => (
          <section key={at} className="card" aria-label={at}>
            <header>
              <h3 className="ellipsis" title={at}>
                <bdi>{at.replace(/^(artifacts|named-outputs)\//, "")}</bdi>
              </h3>
            </header>
            {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
            <div tabIndex={0} role="group" aria-label={`${at}, a picture a job`}>
              {shown.map((name, place) => (
                <figure key={name}>
                  <figcaption>
                    <i style={{ background: colorOf(name) }} aria-hidden />
                    <span className="ellipsis">{name}</span>
                  </figcaption>
                  {sets[place]?.has(at) ? (
                    <img src={`${jobRoot(ws, name)}/files/${path(at)}`} alt={`${at} of ${name}`} loading="lazy" />
                  ) : (
                    <p className="quiet small">It has none of this name.</p>
                  )}
                </figure>
              ))}
            </div>
          </section>
        ))}
      </div>
      {fitting.length > MOST_PICTURES && (
        <p className="quiet">{fitting.length - MOST_PICTURES} more: search for those you want to see.</p>
      )}
    </>
  );
}

/** How many of the runs have it: what can be compared comes first. */
const among = (sets: readonly Set<string>[], at: string) => sets.filter((set) => set.has(at)).length;
