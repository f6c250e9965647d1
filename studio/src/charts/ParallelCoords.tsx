/** Many runs at once: a line each, an axis for everything they differ in. Drag along an axis to choose; click it for all. */
import { type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { number, shortened } from "../lib/format";
import { colorOf } from "./colors";
import { type Axis, axesOf, type Item, placeOn, type Span, within } from "./parallel";

interface Props {
  label: string;
  items: Item[];
  keys: string[];
  /** Told which are chosen whenever that changes; stable. */
  onChoose?: (names: string[]) => void;
}

const HEIGHT = 300;
const TOP = 34;
const BOTTOM = 20;
const SIDE = 60;
const INNER = HEIGHT - TOP - BOTTOM;
const SMALLEST = 0.02;

export function ParallelCoords({ label, items, keys, onChoose }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(900);
  const [spans, setSpans] = useState<ReadonlyMap<string, Span>>(new Map());
  const axes = useMemo(() => axesOf(items, keys), [items, keys]);
  const chosen = useMemo(() => within(items, axes, spans), [items, axes, spans]);
  useEffect(() => onChoose?.(chosen.map(({ name }) => name)), [chosen, onChoose]);
  useEffect(() => {
    if (!box.current) return;
    const watch = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 900));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  if (axes.length < 2) {
    return <p className="quiet small">There are fewer than two numbers in which these differ.</p>;
  }
  const x = (at: number) => SIDE + (at * (Math.max(width, axes.length * 90) - 2 * SIDE)) / (axes.length - 1);
  const names = new Set(chosen.map(({ name }) => name));
  const set = (key: string, span: Span | undefined) => {
    const next = new Map(spans);
    if (span) next.set(key, span);
    else next.delete(key);
    setSpans(next);
  };
  return (
    <div ref={box} style={{ overflowX: "auto" }}>
      <svg
        width={Math.max(width, axes.length * 90)}
        height={HEIGHT}
        role="img"
        aria-label={`${label}: ${items.length} runs over ${axes.map(({ key }) => key).join(", ")}; ${chosen.length} chosen`}
      >
        {[...items.filter(({ name }) => !names.has(name)), ...chosen].map((item) => (
          <Line key={item.name} item={item} axes={axes} x={x} isChosen={names.has(item.name)} />
        ))}
        {axes.map((axis, at) => (
          <AxisShown
            key={axis.key}
            axis={axis}
            x={x(at)}
            span={spans.get(axis.key)}
            onSpan={(span) => set(axis.key, span)}
          />
        ))}
      </svg>
    </div>
  );
}

interface LineProps {
  item: Item;
  axes: Axis[];
  x: (at: number) => number;
  isChosen: boolean;
}

function Line({ item, axes, x, isChosen }: LineProps) {
  let path = "";
  let isOn = false;
  axes.forEach((axis, at) => {
    const place = placeOn(axis, item);
    if (place !== undefined) path += `${isOn ? "L" : "M"}${x(at).toFixed(1)} ${y(place).toFixed(1)}`;
    isOn = place !== undefined;
  });
  return (
    <path
      d={path}
      fill="none"
      stroke={isChosen ? colorOf(item.name) : "var(--line-2)"}
      strokeWidth={isChosen ? 1.5 : 1}
      strokeOpacity={isChosen ? 0.85 : 0.5}
      data-run={item.name}
    >
      <title>{item.name}</title>
    </path>
  );
}

interface AxisProps {
  axis: Axis;
  x: number;
  span: Span | undefined;
  onSpan: (span: Span | undefined) => void;
}

function AxisShown({ axis, x, span, onSpan }: AxisProps) {
  const from = useRef<number>(undefined);
  const at = (event: PointerEvent<SVGRectElement>) => {
    const { top } = event.currentTarget.getBoundingClientRect();
    const place = 1 - (event.clientY - top) / INNER;
    return place < SMALLEST ? 0 : place > 1 - SMALLEST ? 1 : place; // the ends are reached without aiming
  };
  const marks = marksOf(axis);
  return (
    <g>
      <text x={x} y={14} textAnchor="middle" fontSize={12} fontWeight={550} fill="var(--ink)">
        {shortened(axis.key, 18)}
        <title>{axis.key}</title>
      </text>
      <line x1={x} x2={x} y1={TOP} y2={TOP + INNER} stroke="var(--ink-3)" />
      {marks.map(([place, word]) => (
        <text
          key={place}
          x={x + 6}
          y={y(place) + 4}
          fontSize={11}
          fill="var(--ink-2)"
          stroke="var(--surface)"
          strokeWidth={3}
          paintOrder="stroke"
        >
          {word}
        </text>
      ))}
      {span && (
        <rect
          x={x - 6}
          width={12}
          y={y(span[1])}
          height={Math.max(2, (span[1] - span[0]) * INNER)}
          fill="var(--accent)"
          fillOpacity={0.3}
          stroke="var(--accent)"
        />
      )}
      <rect
        className="brush"
        data-axis={axis.key}
        x={x - 12}
        y={TOP}
        width={24}
        height={INNER}
        fill="transparent"
        style={{ cursor: "crosshair", touchAction: "none" }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          from.current = at(event);
          onSpan(undefined);
        }}
        onPointerMove={(event) => {
          if (from.current === undefined) return;
          const now = at(event);
          const next: Span = [Math.min(from.current, now), Math.max(from.current, now)];
          if (next[1] - next[0] > SMALLEST) onSpan(next);
        }}
        onPointerUp={() => {
          from.current = undefined;
        }}
      />
    </g>
  );
}

/** Words at their places; of numbers the ends and the middle. */
function marksOf({ words, ends: [low, high] = [0, 1] }: Axis): [number, string][] {
  if (words) return words.map((word, at) => [at / Math.max(1, words.length - 1), shortened(word, 14)]);
  return [0, 0.5, 1].map((place) => [place, number(Number((low + place * (high - low)).toPrecision(4)))]);
}

const y = (place: number) => TOP + (1 - place) * INNER;
