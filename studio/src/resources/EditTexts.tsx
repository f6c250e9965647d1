/** A description and tags, changed in place: what is kept of an asset's version that may change. */
import { Pencil, Plus, X } from "lucide-react";
import { useState } from "react";
import { Act } from "../kit/Act";
import { Card, Tags } from "../kit/Card";
import { Refusal } from "../kit/Said";

interface Props {
  description: string;
  tags: Record<string, string>;
  onSave: (description: string, tags: Record<string, string>) => Promise<unknown>;
}

export function EditTexts({ description, tags, onSave }: Props) {
  const [isEditing, setEditing] = useState(false);
  if (isEditing) return <Editing {...{ description, tags, onSave }} onEnd={() => setEditing(false)} />;
  return (
    <Card
      title="About"
      action={
        <Act className="button plain" onClick={() => setEditing(true)}>
          <Pencil size={14} aria-hidden /> Edit
        </Act>
      }
    >
      <div className="stack" style={{ gap: 8 }}>
        {description ? (
          <p style={{ whiteSpace: "pre-wrap" }} dir="auto">
            {description}
          </p>
        ) : (
          <p className="quiet">No description.</p>
        )}
        <Tags of={tags} />
      </div>
    </Card>
  );
}

function Editing({ description, tags, onSave, onEnd }: Props & { onEnd: () => void }) {
  const [text, setText] = useState(description);
  const [pairs, setPairs] = useState<[string, string][]>(Object.entries(tags));
  const [error, setError] = useState<Error | null>(null);
  const [isBusy, setBusy] = useState(false);
  const set = (at: number, pair: [string, string]) => setPairs(pairs.map((was, place) => (place === at ? pair : was)));
  const save = async () => {
    setBusy(true);
    try {
      await onSave(text, Object.fromEntries(pairs.filter(([key]) => key.trim())));
      onEnd();
    } catch (wrong) {
      setError(wrong instanceof Error ? wrong : new Error(String(wrong)));
      setBusy(false);
    }
  };
  return (
    <Card title="About">
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <label className="labelled">
          <span>Description</span>
          <textarea
            className="area"
            rows={3}
            dir="auto"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <fieldset className="pairs-edit">
          <legend>Tags</legend>
          {pairs.map(([key, value], at) => (
            <div className="row" key={at}>
              <span className="field">
                <input
                  aria-label={`Tag ${at + 1}`}
                  value={key}
                  placeholder="name"
                  onChange={(event) => set(at, [event.target.value, value])}
                />
              </span>
              <span className="field grow">
                <input
                  aria-label={`Value of tag ${at + 1}`}
                  value={value}
                  placeholder="value"
                  onChange={(event) => set(at, [key, event.target.value])}
                />
              </span>
              <button
                type="button"
                className="button plain icon"
                aria-label={`Remove tag ${key}`}
                onClick={() => setPairs(pairs.filter((_, place) => place !== at))}
              >
                <X size={14} aria-hidden />
              </button>
            </div>
          ))}
          <button type="button" className="button plain" onClick={() => setPairs([...pairs, ["", ""]])}>
            <Plus size={14} aria-hidden /> Add a tag
          </button>
        </fieldset>
        {error && <Refusal error={error} />}
        <div className="row end">
          <button type="button" className="button" onClick={onEnd}>
            Cancel
          </button>
          <button className="button primary" disabled={isBusy}>
            Save
          </button>
        </div>
      </form>
    </Card>
  );
}
