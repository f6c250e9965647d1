/** What is in use, against what may be. */
import type { Usage } from "../../api/computes";
import { useAsked } from "../../api/resources";
import { Card } from "../../kit/Card";
import { Refused, Skeleton } from "../../kit/Said";

export function Quotas({ ws }: { ws: string }) {
  const found = useAsked<{ value: Usage[] }>(ws, ["compute-usage"], "", { every: 5000 });
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  return (
    <Card title="Nodes">
      <table className="plain-table">
        <thead>
          <tr>
            <th>What</th>
            <th className="end">In use</th>
            <th className="end">At most</th>
            <th style={{ width: "40%" }}>Share</th>
          </tr>
        </thead>
        <tbody>
          {found.data.value.map(({ name, current_value: used, limit }) => (
            <tr key={name.value}>
              <td>{name.localized_value}</td>
              <td className="end">{used}</td>
              <td className="end">{limit ?? "no limit"}</td>
              <td>{limit !== null && <meter min={0} max={limit} value={used} aria-label={`${used} of ${limit}`} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet small" style={{ marginTop: 10 }}>
        A workspace’s quota stands in the server’s settings: <code>compute.quota.{ws}</code>.
      </p>
    </Card>
  );
}
