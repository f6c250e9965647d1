/** How often values lie where: bars over equal steps. */
import { number } from "../lib/format";

interface Props {
  label: string;
  edges: number[];
  counts: number[];
}

const WIDTH = 180;
const HEIGHT = 44;

export function Histogram({ label, edges, counts }: Props) {
  const most = Math.max(1, ...counts);
  const wide = WIDTH / Math.max(1, counts.length);
  const first = edges[0] ?? 0;
  const last = edges.at(-1) ?? 0;
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={`${label}: ${counts.length} steps from ${number(first)} to ${number(last)}`}
    >
      {counts.map((count, at) => {
        const tall = count === 0 ? 0 : Math.max(1, (count / most) * (HEIGHT - 2));
        return (
          <rect
            key={at}
            x={at * wide + 0.5}
            y={HEIGHT - tall}
            width={Math.max(1, wide - 1)}
            height={tall}
            fill="var(--accent)"
            rx={1}
          >
            <title>{`${number(edges[at] ?? 0)} to ${number(edges[at + 1] ?? 0)}: ${count}`}</title>
          </rect>
        );
      })}
      <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} stroke="var(--line-2)" />
    </svg>
  );
}
