/** Small things that several pages need of the browser. */
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";

/** The time, told anew every `ms`; all that show it change together. */
export function useNow(ms = 1000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), ms);
    return () => clearInterval(timer);
  }, [ms]);
  return now;
}

/** A value that lags behind while it changes, so that not every key press asks the server. */
export function useSettled<T>(value: T, ms = 200): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

export type Theme = "light" | "dark";
const themed = new Set<() => void>();

/** The theme, and how to change it; the choice is kept in this browser. */
export function useTheme(): [Theme, () => void] {
  const theme = useSyncExternalStore(listen, () =>
    document.documentElement.dataset.theme === "dark" ? "dark" : "light",
  );
  const toggle = useCallback(() => {
    const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    localStorage.setItem("zaffre.theme", next);
    for (const tell of themed) tell();
  }, []);
  return [theme, toggle];
}

function listen(tell: () => void): () => void {
  themed.add(tell);
  return () => themed.delete(tell);
}

/** Calls `act` for a key that is pressed while nothing is being typed. */
export function useKey(key: string, act: () => void): void {
  useEffect(() => {
    const heard = (event: KeyboardEvent) => {
      const at = event.target as HTMLElement | null;
      const isTyping = at?.matches("input, textarea, select, [contenteditable]") ?? false;
      if (event.key !== key || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", heard);
    return () => removeEventListener("keydown", heard);
  }, [key, act]);
}
