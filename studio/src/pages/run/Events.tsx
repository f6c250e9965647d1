/** What happened to a job, in order. */
import { type Happening, useHappenings } from "../../api/jobs";
import { Refused, Skeleton } from "../../kit/Said";
import { duration, exact } from "../../lib/format";
import type { TabProps } from "./RunPage";

export function Events({ job, ws }: TabProps) {
  const found = useHappenings(ws, job.name);
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  return (
    <div className="card" style={{ overflow: "auto" }}>
      <table className="happenings">
        <thead>
          <tr>
            <th>When</th>
            <th>After</th>
            <th>What</th>
            <th>Told</th>
            <th>By</th>
          </tr>
        </thead>
        <tbody>
          {found.data.map((event, at) => (
            <tr key={event.seq}>
              <td className="number">{exact(event.at * 1000)}</td>
              <td className="number">{duration(event.at - (found.data[Math.max(0, at - 1)]?.at ?? event.at))}</td>
              <td>{words(event.type)}</td>
              <td>{told(event)}</td>
              <td>{event.actor}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** `RunStatusChanged` → `Run status changed`. */
function words(type: string): string {
  const spaced = type.replaceAll(/([a-z])([A-Z])/g, "$1 $2");
  return spaced.charAt(0) + spaced.slice(1).toLowerCase();
}

function told({ data }: Happening): string {
  if (typeof data.to === "string") return data.from ? `${String(data.from)} → ${data.to}` : data.to;
  const pairs = Object.entries(data).map(
    ([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return pairs.join(", ");
}
