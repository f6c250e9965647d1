/** Parts of a page that are brought when they are wanted, or before: what is there already shows without a pause. */
import { lazyRouteComponent } from "@tanstack/react-router";
import { type FunctionComponent, useEffect } from "react";

/**
 * What `lazy` does, without its pause: React keeps a placeholder it has once shown for 300 ms, however soon the code comes,
 * and `lazy` shows it even where the code is there.
 */
export type Part<P> = FunctionComponent<P> & { preload?: () => Promise<void> };

type Taken<C> = C extends FunctionComponent<infer P> ? P : never;

export function part<M, K extends keyof M & string>(bring: () => Promise<M>, name: K): Part<Taken<M[K]>> {
  return lazyRouteComponent(bring as () => Promise<Record<K, FunctionComponent>>, name) as Part<Taken<M[K]>>;
}

/** Brings the code of `parts` once the page has nothing else to do, the `first` of them at once. */
export function useBrought(parts: readonly unknown[], first?: unknown): void {
  useEffect(() => {
    bring(first);
    const stop = whenIdle(() => parts.forEach(bring));
    return stop;
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once for a page
  }, []);
}

/** Brings it where it is one; that it did not come is said by whoever shows it. */
export function bring(one: unknown): void {
  if (typeof one === "function" && "preload" in one) void (one as Part<unknown>).preload?.();
}

function whenIdle(act: () => void): () => void {
  if (typeof requestIdleCallback !== "function") {
    const timer = setTimeout(act, 200);
    return () => clearTimeout(timer);
  }
  const waiting = requestIdleCallback(act, { timeout: 2000 });
  return () => cancelIdleCallback(waiting);
}
