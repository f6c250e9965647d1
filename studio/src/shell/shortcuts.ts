/** Keys that lead to pages: `g` and then a letter. */
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

export const GO: Record<string, { to: string; title: string }> = {
  h: { to: "/", title: "Home" },
  j: { to: "/jobs", title: "Jobs" },
  p: { to: "/pipelines", title: "Pipelines" },
  d: { to: "/data", title: "Data" },
  m: { to: "/models", title: "Models" },
  e: { to: "/endpoints", title: "Endpoints" },
  n: { to: "/environments", title: "Environments" },
  c: { to: "/compute", title: "Compute" },
  s: { to: "/schedules", title: "Schedules" },
};

const PATIENCE_MS = 1200;

export function useGoKeys(): void {
  const go = useNavigate();
  const begun = useRef(-PATIENCE_MS); // long before the page was
  useEffect(() => {
    const heard = (event: KeyboardEvent) => {
      const at = event.target as HTMLElement | null;
      if (at?.matches("input, textarea, select, [contenteditable]")) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "g") {
        begun.current = event.timeStamp;
        return;
      }
      const target = GO[event.key];
      const isInTime = event.timeStamp - begun.current < PATIENCE_MS;
      begun.current = -PATIENCE_MS;
      if (!target || !isInTime) return;
      event.preventDefault();
      void go({ to: target.to, search: (was: { ws?: string }) => ({ ws: was.ws }) });
    };
    addEventListener("keydown", heard);
    return () => removeEventListener("keydown", heard);
  }, [go]);
}
