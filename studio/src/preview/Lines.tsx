/** Text of any length, line by line: only the lines in sight exist. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef } from "react";

const HEIGHT = 20;
const LONGEST = 4000;

export function Lines({ label, text }: { label: string; text: string }) {
  const box = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => text.replace(/\n$/, "").split("\n"), [text]);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => HEIGHT,
    overscan: 20,
  });
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div ref={box} className="log" role="region" aria-label={label} tabIndex={0}>
      <div style={{ position: "relative", height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <div key={index} className="log-line" style={{ transform: `translateY(${start}px)` }}>
            <b aria-hidden>{index + 1}</b>
            <bdi>{(lines[index] ?? "").slice(0, LONGEST)}</bdi>
          </div>
        ))}
      </div>
    </div>
  );
}
