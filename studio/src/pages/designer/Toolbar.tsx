/** What can be done with a draft as a whole, and whether it is saved. */
import { Link, useNavigate } from "@tanstack/react-router";
import { Code, Group as Frame, Play, Redo2, StickyNote, Undo2, Wand } from "lucide-react";
import { useState } from "react";
import { type Drawing, stepsOf } from "../../graph/drawing";
import { Act } from "../../kit/Act";
import { Refusal } from "../../kit/Said";
import { StatusBadge } from "../../kit/StatusBadge";
import type { Submitted } from "./DesignerPage";
import type { Drafting, Saved } from "./useDraft";

interface Props {
  ws: string;
  draft: string;
  drafting: Drafting;
  chosen: ReadonlySet<string>;
  isValid: boolean;
  run: Submitted;
  onTidy: () => void;
  onYaml: () => void;
}

const WORDS: Record<Saved["is"], string> = {
  saved: "Saved",
  saving: "Saving…",
  overtaken: "Not saved",
  failed: "Not saved, trying again",
};

export function Toolbar({ draft, drafting, chosen, isValid, run, onTidy, onYaml }: Props) {
  const { drawing, change, undo, redo, canUndo, canRedo, saved } = drafting;
  const go = useNavigate({ from: "/designer/$name" });
  const [error, setError] = useState<Error>();
  const [isBusy, setBusy] = useState(false);
  const steps = [...chosen].filter((name) => name in stepsOf(drawing));
  const send = () => {
    setBusy(true);
    setError(undefined);
    run
      .submit(drawing)
      .then((made) => go({ search: (was) => ({ ...was, job: made.name }), replace: true }))
      .catch((wrong: unknown) => setError(wrong instanceof Error ? wrong : new Error(String(wrong))))
      .finally(() => setBusy(false));
  };
  return (
    <div className="designer-bar">
      <Link to="/designer" search={(was) => ({ ws: was.ws })}>
        Drafts
      </Link>
      <span aria-hidden>/</span>
      <h1 className="visually-hidden">{drawing.title || draft}</h1>
      <label className="field title-field">
        <span className="visually-hidden">Title of the draft</span>
        <input
          value={drawing.title}
          placeholder={draft}
          onChange={({ target }) => change((now) => ({ ...now, title: target.value }), "title")}
        />
      </label>
      <span className="quiet small" role="status" title={"why" in saved ? saved.why : undefined}>
        {WORDS[saved.is]}
      </span>
      <span className="grow" />
      <Tool label="Undo (Ctrl Z)" Icon={Undo2} isOff={!canUndo} onDo={undo} />
      <Tool label="Redo (Ctrl Y)" Icon={Redo2} isOff={!canRedo} onDo={redo} />
      <Tool label="Tidy (t)" Icon={Wand} isOff={Object.keys(stepsOf(drawing)).length === 0} onDo={onTidy} />
      <Tool label="Add a note" Icon={StickyNote} onDo={() => change(withNote)} />
      <Tool
        label="Group the chosen steps"
        Icon={Frame}
        isOff={steps.length === 0}
        onDo={() =>
          change((now) => ({ ...now, groups: [...now.groups, { id: fresh(now, "group"), title: "", steps }] }))
        }
      />
      <Tool label="YAML" Icon={Code} onDo={onYaml} />
      {run.shown && (
        <Link to="/jobs/$name" params={{ name: run.shown.name }} search={(was) => ({ ws: was.ws })} className="row">
          <StatusBadge status={run.shown.state.status} />
        </Link>
      )}
      <Act
        className="button primary"
        disabled={!isValid || isBusy}
        title={isValid ? undefined : "The list of problems says what is missing"}
        onClick={send}
      >
        <Play size={14} aria-hidden /> Submit
      </Act>
      {error && <Refusal error={error} />}
    </div>
  );
}

interface ToolProps {
  label: string;
  Icon: typeof Undo2;
  isOff?: boolean;
  onDo: () => void;
}

function Tool({ label, Icon, isOff, onDo }: ToolProps) {
  return (
    <button className="button plain icon" aria-label={label} title={label} disabled={isOff} onClick={onDo}>
      <Icon size={16} aria-hidden />
    </button>
  );
}

function withNote(now: Drawing): Drawing {
  const spots = Object.values(now.spots);
  const x = Math.min(0, ...spots.map((at) => at.x));
  const y = Math.min(0, ...spots.map((at) => at.y)) - 120 * (now.notes.length + 1);
  return { ...now, notes: [...now.notes, { id: fresh(now, "note"), x, y, text: "" }] };
}

/** An id that neither a note nor a group has, nor a step, whose names have no dash. */
function fresh(now: Drawing, word: "note" | "group"): string {
  const taken = new Set([...now.notes, ...now.groups].map(({ id }) => id));
  for (let number = 1; ; number++) if (!taken.has(`${word}-${number}`)) return `${word}-${number}`;
}
