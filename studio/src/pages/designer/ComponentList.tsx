/** What can be drawn with: searched, dragged onto the canvas, or added by Enter. */
import { Search } from "lucide-react";
import { type RefObject, useMemo, useState } from "react";
import type { Known } from "../../api/drafts";
import { COMPONENT } from "./Canvas";

interface Props {
  known: readonly Known[];
  isPending: boolean;
  box: RefObject<HTMLInputElement | null>;
  onAdd: (reference: string) => void;
}

export function ComponentList({ known, isPending, box, onAdd }: Props) {
  const [typed, setTyped] = useState("");
  const shown = useMemo(() => {
    const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
    return known.filter(({ name, type, about }) => {
      const text = `${name} ${type} ${about.title} ${about.description}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }, [known, typed]);
  const first = shown[0];
  return (
    <aside className="palette-side" aria-label="Components">
      <label className="field">
        <Search size={14} aria-hidden />
        <span className="visually-hidden">Search components</span>
        <input
          ref={box}
          type="search"
          value={typed}
          placeholder="Components"
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => event.key === "Enter" && first && onAdd(first.reference)}
        />
        <kbd>p</kbd>
      </label>
      <ul>
        {shown.map(({ reference, version, about }) => (
          <li key={reference}>
            <button
              draggable
              title={`${reference}${about.description ? `\n${about.description}` : ""}`}
              onDragStart={(event) => {
                event.dataTransfer.setData(COMPONENT, reference);
                event.dataTransfer.effectAllowed = "copy";
              }}
              onClick={() => onAdd(reference)}
            >
              <span className="row">
                <span className="ellipsis grow">{about.title}</span>
                <span className="quiet small">{version}</span>
              </span>
              <span className="ellipsis quiet small">{about.description || reference}</span>
            </button>
          </li>
        ))}
      </ul>
      {!isPending && shown.length === 0 && (
        <div className="quiet small nothing">
          {known.length > 0 ? (
            "No component is like that."
          ) : (
            <>
              <p>No component is registered here yet:</p>
              <pre>zaffre component create -f component.yml</pre>
            </>
          )}
        </div>
      )}
    </aside>
  );
}
