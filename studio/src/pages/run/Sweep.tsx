/** A sweep's trials over what was searched: the best one, the budget, and a line a trial. */
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { FINAL, type Job } from "../../api/jobs";
import { useLogged } from "../../api/runs";
import { ParallelCoords } from "../../charts/ParallelCoords";
import { Card } from "../../kit/Card";
import { number } from "../../lib/format";
import { searched } from "./searched";

const MOST = 200;

interface Props {
  ws: string;
  sweep: Job;
  trials: Job[];
}

export function Sweep({ ws, sweep, trials }: Props) {
  const metric = sweep.spec.objective?.primary_metric ?? "";
  const names = useMemo(() => trials.slice(0, MOST).map(({ name }) => name), [trials]);
  const logged = useLogged(ws, names, !FINAL.includes(sweep.state.status));
  const [chosen, setChosen] = useState<string[]>([]);
  const items = useMemo(() => {
    const metrics = new Map(logged.data?.map((one) => [one.name, one.metrics]));
    return trials.slice(0, MOST).map(({ name, spec }) => {
      const value = metrics.get(name)?.[metric];
      return { name, values: { ...searched(spec.tags), ...(value === undefined ? {} : { [metric]: value }) } };
    });
  }, [trials, logged.data, metric]);
  const keys = useMemo(() => [...Object.keys(searched(trials[0]?.spec.tags)), metric], [trials, metric]);
  const { best, trials: counts } = sweep.state;
  const most = sweep.spec.limits?.max_total_trials;
  return (
    <Card
      title="Trials over what was searched"
      action={
        <Link className="button" to="/compare" search={(was) => ({ ws: was.ws, ids: chosen.slice(0, MOST).join(",") })}>
          Compare {chosen.length}
        </Link>
      }
    >
      <p className="small" style={{ marginBottom: 8 }}>
        {best && (
          <>
            Best:{" "}
            <Link to="/jobs/$name" params={{ name: String(best.job) }} search={(was) => ({ ws: was.ws })}>
              {String(best.job)}
            </Link>{" "}
            with {metric} <b className="number">{number(Number(best[metric]))}</b>.{" "}
          </>
        )}
        <span className="quiet number">
          {counts?.ended ?? 0}
          {most ? ` of at most ${most}` : ""} trials have ended
          {counts?.stopped ? `, ${counts.stopped} of them early` : ""}.
        </span>
      </p>
      <ParallelCoords label="Trials" items={items} keys={keys} onChoose={setChosen} />
    </Card>
  );
}
