/** How much of each compute is in use, and what waits for it. */
import { Link } from "@tanstack/react-router";
import { useCounts } from "../../api/jobs";
import { type Resource, useResources } from "../../api/resources";
import { Card } from "../../kit/Card";

type Compute = Resource<{ type?: string; max_instances?: number; size?: string }, { provisioning_state?: string }>;
const MOST = 6;

export function Use({ ws }: { ws: string }) {
  const { data } = useResources<Compute>(ws, "computes", { view: "active" });
  const found = data?.pages.flatMap((page) => page.value) ?? [];
  if (found.length === 0) return null;
  const all = (
    <Link to="/compute" search={(was) => ({ ws: was.ws })} className="small">
      All
    </Link>
  );
  return (
    <Card title="Compute" action={all}>
      <ul className="lines">
        {found.slice(0, MOST).map((compute) => (
          <Line key={compute.name} ws={ws} compute={compute} />
        ))}
      </ul>
    </Card>
  );
}

function Line({ ws, compute }: { ws: string; compute: Compute }) {
  const wanted = { filter: `compute = ${compute.name} and parent != "-"`, view: "all" as const };
  const counts = useCounts(ws, wanted).data;
  const running = counts?.Running ?? 0;
  const queued = counts?.Queued ?? 0;
  const of = Math.max(compute.spec.max_instances ?? 0, running);
  return (
    <li>
      <Link to="/compute/$name" params={{ name: compute.name }} search={(was) => ({ ws: was.ws })} className="grow">
        {compute.name}
      </Link>
      <span className="quiet small number">
        {running}
        {compute.spec.max_instances && ` of ${of}`} running{queued > 0 && `, ${queued} queued`}
      </span>
      {compute.spec.max_instances && (
        <span className="progress" role="img" aria-label={`${running} of ${of} in use`}>
          <i style={{ width: `${(100 * running) / of}%` }} />
        </span>
      )}
    </li>
  );
}
