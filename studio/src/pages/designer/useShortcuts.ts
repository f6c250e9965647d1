/** The keys of the canvas, as long as nothing is being typed. */
import { type RefObject, useEffect, useRef } from "react";
import { copied, type DrawnStep, stepsOf } from "../../graph/drawing";
import type { Drafting } from "./useDraft";

interface Wanted {
  drafting: Drafting;
  chosen: ReadonlySet<string>;
  setChosen: (chosen: ReadonlySet<string>) => void;
  tidy: () => void;
  fit: () => void;
  search: RefObject<HTMLInputElement | null>;
}

export function useShortcuts(wanted: Wanted): void {
  const latest = useRef(wanted);
  const held = useRef<Record<string, DrawnStep>>({});
  useEffect(() => {
    latest.current = wanted;
  });
  useEffect(() => {
    const heard = (event: KeyboardEvent) => {
      const at = event.target as HTMLElement | null;
      if (at?.matches("input, textarea, select, [contenteditable]") || at?.closest("[role=dialog]") || event.altKey)
        return;
      const isCommand = event.ctrlKey || event.metaKey;
      const act = (isCommand ? COMMANDS : PLAIN)[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act(latest.current, held, event);
    };
    addEventListener("keydown", heard);
    return () => removeEventListener("keydown", heard);
  }, []);
}

type Act = (wanted: Wanted, held: RefObject<Record<string, DrawnStep>>, event: KeyboardEvent) => void;

const PLAIN: Record<string, Act> = {
  f: ({ fit }) => fit(),
  t: ({ tidy }) => tidy(),
  p: ({ search }) => search.current?.focus(),
};

const COMMANDS: Record<string, Act> = {
  z: ({ drafting }, _, event) => (event.shiftKey ? drafting.redo() : drafting.undo()),
  y: ({ drafting }) => drafting.redo(),
  a: ({ drafting, setChosen }) => setChosen(new Set(Object.keys(stepsOf(drafting.drawing)))),
  c: ({ drafting, chosen }, held) => {
    held.current = Object.fromEntries(Object.entries(stepsOf(drafting.drawing)).filter(([name]) => chosen.has(name)));
  },
  v: ({ drafting, setChosen }, held) => {
    const [, names] = copied(drafting.drawing, held.current);
    drafting.change((now) => copied(now, held.current)[0]);
    setChosen(new Set(names));
  },
};
