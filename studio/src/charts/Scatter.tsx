/** Things as points over two of their numbers. */
import { number } from "../lib/format";

export interface Dot {
  name: string;
  x: number;
  y: number;
  color: string;
}

interface Props {
  x: string;
  y: string;
  dots: readonly Dot[];
  onOpen: (name: string) => void;
}

const WIDTH = 900;
const HEIGHT = 420;
const LEFT = 76;
const BOTTOM = 44;
const EDGE = 16;
const STEPS = 4;

export function Scatter({ x, y, dots, onOpen }: Props) {
  const across = spanOf(dots.map((dot) => dot.x));
  const up = spanOf(dots.map((dot) => dot.y));
  const atX = (value: number) => LEFT + ((value - across[0]) / (across[1] - across[0])) * (WIDTH - LEFT - EDGE);
  const atY = (value: number) => EDGE + (1 - (value - up[0]) / (up[1] - up[0])) * (HEIGHT - BOTTOM - EDGE);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className="scatter"
      role="group"
      aria-label={`${y} over ${x}: ${dots.length} runs`}
    >
      {ticks(across).map((value) => (
        <g key={`x${value}`}>
          <line x1={atX(value)} x2={atX(value)} y1={EDGE} y2={HEIGHT - BOTTOM} />
          <text x={atX(value)} y={HEIGHT - BOTTOM + 16} textAnchor="middle">
            {number(value)}
          </text>
        </g>
      ))}
      {ticks(up).map((value) => (
        <g key={`y${value}`}>
          <line x1={LEFT} x2={WIDTH - EDGE} y1={atY(value)} y2={atY(value)} />
          <text x={LEFT - 8} y={atY(value) + 4} textAnchor="end">
            {number(value)}
          </text>
        </g>
      ))}
      <text x={(LEFT + WIDTH - EDGE) / 2} y={HEIGHT - 6} textAnchor="middle" className="name">
        {x}
      </text>
      <text x={LEFT} y={EDGE - 4} className="name">
        {y}
      </text>
      {dots.map((dot) => (
        <circle
          key={dot.name}
          cx={atX(dot.x)}
          cy={atY(dot.y)}
          r={5}
          fill={dot.color}
          role="link"
          tabIndex={0}
          aria-label={`${dot.name}: ${x} ${number(dot.x)}, ${y} ${number(dot.y)}`}
          onClick={() => onOpen(dot.name)}
          onKeyDown={({ key }) => key === "Enter" && onOpen(dot.name)}
        >
          <title>{`${dot.name}\n${x}: ${number(dot.x)}\n${y}: ${number(dot.y)}`}</title>
        </circle>
      ))}
    </svg>
  );
}

/** From the least to the most with a little room; never nothing. */
export function spanOf(values: readonly number[]): [number, number] {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const room = least === most ? Math.abs(least) / 2 || 1 : (most - least) * 0.05;
  return [least - room, most + room];
}

function ticks([least, most]: readonly [number, number]): number[] {
  return Array.from({ length: STEPS + 1 }, (_, at) => Number((least + ((most - least) * at) / STEPS).toPrecision(3)));
}
