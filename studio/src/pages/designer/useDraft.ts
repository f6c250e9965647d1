/** One draft on the canvas: its history, and the server's copy, which follows within a second. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { type Draft, drawingOf, saveDraft } from "../../api/drafts";
import { ApiError } from "../../api/errors";
import { allOf } from "../../api/resources";
import type { Drawing } from "../../graph/drawing";
import { begun, type History, type Move, moved } from "../../graph/history";
import { useSettled } from "../../lib/hooks";

export type Saved =
  { is: "saved" } | { is: "saving" } | { is: "overtaken"; why: string } | { is: "failed"; why: string };

export interface Drafting {
  drawing: Drawing;
  canUndo: boolean;
  canRedo: boolean;
  saved: Saved;
  change: (to: (now: Drawing) => Drawing, about?: string) => void;
  undo: () => void;
  redo: () => void;
  /** Theirs in the place of ours. */
  load: (theirs: Draft) => void;
}

export function useDraft(ws: string, draft: Draft): Drafting {
  const client = useQueryClient();
  const [history, move] = useReducer(
    (was: History<Drawing>, what: Move<Drawing>) => moved(was, what),
    begun(drawingOf(draft.spec)),
  );
  const [saved, setSaved] = useState<Saved>({ is: "saved" });
  const revision = useRef(draft.spec.revision);
  const [kept, setKept] = useState(history.now);
  const isBusy = useRef(false);
  const [turn, setTurn] = useState(0);
  const settled = useSettled(history.now, 700);
  const name = draft.name;
  useEffect(() => {
    if (settled === kept || isBusy.current || saved.is === "overtaken") return;
    isBusy.current = true;
    setSaved({ is: "saving" });
    saveDraft(ws, name, settled, revision.current + 1)
      .then((made) => {
        revision.current = made.spec.revision;
        setKept(settled);
        setSaved({ is: "saved" });
        void client.invalidateQueries({ queryKey: [...allOf(ws, "drafts"), "list"] });
      })
      .catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        setSaved({ is: error instanceof ApiError && error.status === 409 ? "overtaken" : "failed", why });
      })
      .finally(() => {
        isBusy.current = false;
        setTurn((was) => was + 1); // what changed meanwhile
      });
  }, [settled, kept, turn, saved.is, ws, name, client]);
  useEffect(() => {
    if (saved.is !== "failed") return;
    const again = setTimeout(() => setTurn((was) => was + 1), 3000);
    return () => clearTimeout(again);
  }, [saved]);
  const load = useCallback((theirs: Draft) => {
    const drawing = drawingOf(theirs.spec);
    revision.current = theirs.spec.revision;
    setKept(drawing);
    move({ do: "load", what: drawing });
    setSaved({ is: "saved" });
  }, []);
  useEffect(() => {
    // somebody else saved, and nothing of ours is open: theirs is what there is
    if (draft.spec.revision > revision.current && !isBusy.current && kept === history.now) load(draft);
  }, [draft, history.now, kept, load]);
  const isOpen = history.now !== kept;
  useWarning(isOpen);
  return {
    drawing: history.now,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    saved: isOpen && saved.is === "saved" ? { is: "saving" } : saved,
    change: useCallback((to, about) => move({ do: "change", to, about }), []),
    undo: useCallback(() => move({ do: "undo" }), []),
    redo: useCallback(() => move({ do: "redo" }), []),
    load,
  };
}

/** The browser asks before it leaves what is not saved yet. */
function useWarning(isOpen: boolean): void {
  useEffect(() => {
    if (!isOpen) return;
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", stay);
    return () => removeEventListener("beforeunload", stay);
  }, [isOpen]);
}
