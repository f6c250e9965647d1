/** What ran when: a bar a step over time, those that the end waited for marked. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import type { Status } from "../api/jobs";
import { statusTone } from "../kit/StatusBadge";
import { duration } from "../lib/format";

export interface Bar {
  name: string;
  status: Status;
  /** Seconds since the whole began; when it was submitted, when it ran. */
  made: number;
  begin: number;
  end: number;
  isCritical: boolean;
  note?: string;
}

interface Props {
  label: string;
  bars: Bar[];
  chosen?: string;
  onChoose: (name: string) => void;
}

const ROW = 28;
const TICKS = 5;

export function Gantt({ label, bars, chosen, onChoose }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const most = Math.max(0.001, ...bars.map(({ end }) => end));
  const virtual = useVirtualizer({
    count: bars.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 20,
  });
  const share = (seconds: number) => `${(100 * seconds) / most}%`;
  return (
    <div ref={box} className="gantt" role="list" aria-label={label}>
      <div className="gantt-head" aria-hidden>
        <span />
        <div>
          {Array.from({ length: TICKS + 1 }, (_, at) => (
            <i key={at} style={{ left: share((most * at) / TICKS) }}>
              {duration((most * at) / TICKS)}
            </i>
          ))}
        </div>
      </div>
      <div style={{ position: "relative", height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const bar = bars[index];
          if (!bar) return null;
          const took = duration(bar.end - bar.begin);
          return (
            <div
              key={bar.name}
              role="listitem"
              className="gantt-line"
              style={{ height: ROW, transform: `translateY(${start}px)` }}
            >
              <button aria-pressed={bar.name === chosen} onClick={() => onChoose(bar.name)}>
                <span className="ellipsis">
                  {bar.name}
                  <span className="visually-hidden">
                    {`: ${bar.status}, from ${duration(bar.begin)}, took ${took}${bar.isCritical ? ", on the critical path" : ""}`}
                  </span>
                </span>
                <span className="gantt-track" aria-hidden>
                  <i
                    className="waits"
                    style={{ left: share(bar.made), width: share(Math.max(0, bar.begin - bar.made)) }}
                  />
                  <i
                    className={`runs ${statusTone(bar.status)}${bar.isCritical ? " critical" : ""}`}
                    style={{ left: share(bar.begin), width: `max(3px, ${share(bar.end - bar.begin)})` }}
                  />
                  <em style={bar.end / most > 0.8 ? { right: share(most - bar.begin) } : { left: share(bar.end) }}>
                    {bar.note ?? took}
                  </em>
                </span>
              </button>
            </div>
          );
        })}
      </div>
    </div>
  );
}
