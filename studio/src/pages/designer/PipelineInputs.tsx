/** The pipeline's own inputs: what they are called, what they take, and what stands where nobody says otherwise. */
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { type Drawing, freeName } from "../../graph/drawing";
import { type End, inputsOf, renamedEnd, TYPES, withEnd, withoutEnd } from "../../graph/ends";
import { isValue } from "../../graph/ports";
import { ValueInput } from "./Inspector";

interface Props {
  drawing: Drawing;
  onChange: (to: (now: Drawing) => Drawing, about?: string) => void;
}

export function PipelineInputs({ drawing, onChange }: Props) {
  const ends = inputsOf(drawing);
  const taken = Object.fromEntries(ends.map(({ name }) => [name, true]));
  const add = () => onChange((now) => withEnd(now, { name: freeName(taken, "input"), type: "string", value: "" }));
  return (
    <>
      <div className="row">
        <h3 className="grow">Inputs of the pipeline</h3>
        <button className="button plain" onClick={add}>
          <Plus size={14} aria-hidden /> Add input
        </button>
      </div>
      {ends.length === 0 && <p className="quiet small">None: every value stands in its step.</p>}
      {ends.map((end, at) => (
        <EndField key={at} end={end} taken={taken} onChange={onChange} />
      ))}
    </>
  );
}

function EndField({ end, taken, onChange }: { end: End; taken: object; onChange: Props["onChange"] }) {
  const { name, type, value } = end;
  const [typed, setTyped] = useState<string>();
  const [was, setWas] = useState(name);
  if (was !== name) {
    setWas(name);
    setTyped(undefined); // renamed, undone, or another one now
  }
  const wrong =
    typed === undefined || typed === name
      ? ""
      : typed in taken
        ? "another input has this name"
        : /^[A-Za-z_]\w*$/.test(typed)
          ? ""
          : "letters, digits and _";
  const done = () => {
    if (typed && typed !== name && !wrong) onChange((now) => renamedEnd(now, name, typed));
    setTyped(undefined);
  };
  const set = (next: unknown) => {
    if (type === "number" && typeof next === "string") return; // on its way to a number
    onChange((now) => withEnd(now, { ...end, value: next }), `input ${name}`);
  };
  return (
    <fieldset className="end-field">
      <legend className="visually-hidden">Input {name}</legend>
      <span className="field">
        <input
          aria-label={`Name of input ${name}`}
          value={typed ?? name}
          spellCheck={false}
          aria-invalid={Boolean(wrong)}
          onChange={({ target }) => setTyped(target.value)}
          onBlur={done}
          onKeyDown={(event) => event.key === "Enter" && done()}
        />
      </span>
      <select
        className="select"
        aria-label={`Type of ${name}`}
        value={type}
        onChange={({ target }) => onChange((now) => withEnd(now, { name, type: target.value, value: undefined }))}
      >
        {TYPES.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
      <button
        className="button plain icon"
        aria-label={`Remove input ${name}`}
        onClick={() => onChange((now) => withoutEnd(now, name))}
      >
        <Trash2 size={14} aria-hidden />
      </button>
      <label className="whole-line">
        <span className="visually-hidden">{isValue({ type }) ? `Value of ${name}` : `Path of ${name}`}</span>
        <ValueInput
          input={name}
          declared={isValue({ type }) ? { type } : { type: "string", default: "azureml:name:version" }}
          value={value}
          onChange={set}
        />
      </label>
      {wrong && <span className="wrong small whole-line">{wrong}</span>}
    </fieldset>
  );
}
