/** What stands where a version is asked for that cannot be shown: the server says why. */
import { useResource } from "../api/resources";
import { Empty, Refused, Skeleton } from "../kit/Said";

export function NoVersion({ ws, kind, name, version }: { ws: string; kind: string; name: string; version?: string }) {
  const found = useResource(ws, kind, name, version);
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  return <Empty title="There is no version of it that can be shown" />;
}
