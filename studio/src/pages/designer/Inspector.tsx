/** The chosen step: its name, what it is given, where that comes from. Made of the component's own declaration. */
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { Link } from "@tanstack/react-router";
import type { Job } from "../../api/jobs";
import {
  bindingTo, boundTo, type Drawing, type DrawnStep, freeName, makesCycle, renamed, stepsOf, withInput, without,
} from "../../graph/drawing"; // prettier-ignore
import { fitting, fromInput, inputNamed, shownAs, withShown } from "../../graph/ends";
import { type Declared, type Interface, isNeeded, isValue, misfit, wrongValue } from "../../graph/ports";
import { StatusBadge } from "../../kit/StatusBadge";

interface Props {
  name: string;
  drawing: Drawing;
  interfaces: Record<string, Interface>;
  job: Job | undefined;
  problems: readonly string[];
  onChange: (to: (now: Drawing) => Drawing, about?: string) => void;
  onRenamed: (name: string) => void;
}

export function Inspector({ name, drawing, interfaces, job, problems, onChange, onRenamed }: Props) {
  const step = stepsOf(drawing)[name];
  const about = interfaces[name];
  if (!step || !about) return null;
  const set = (input: string, value: unknown) =>
    onChange((now) => withInput(now, name, input, value), `${name}.${input}`);
  const inputs = Object.entries(about.inputs);
  return (
    <section aria-label={`Step ${name}`}>
      <NameField key={name} name={name} drawing={drawing} onChange={onChange} onRenamed={onRenamed} />
      {about.description && <p className="quiet small">{about.description}</p>}
      {typeof step.component === "string" && <code className="small">{step.component.replace(/^azureml:/, "")}</code>}
      {job && (
        <p className="row">
          <StatusBadge status={job.state.status} />
          <Link to="/jobs/$name" params={{ name: job.name }} search={(was) => ({ ws: was.ws })}>
            Its job
          </Link>
        </p>
      )}
      {problems.map((problem) => (
        <p key={problem} className="wrong small">
          {problem}
        </p>
      ))}
      {inputs.some(([, declared]) => isValue(declared)) && <h3>Values</h3>}
      {inputs
        .filter(([, declared]) => isValue(declared))
        .map(([input, declared]) => (
          <ValueField
            key={`${name}.${input}`}
            input={input}
            declared={declared}
            value={valueOf(step.inputs?.[input])}
            ends={fitting(drawing, declared)}
            onChange={(value) => set(input, value)}
          />
        ))}
      {inputs.some(([, declared]) => !isValue(declared)) && <h3>Inputs</h3>}
      {inputs
        .filter(([, declared]) => !isValue(declared))
        .map(([input, declared]) => (
          <PortField
            key={`${name}.${input}`}
            input={input}
            declared={declared}
            step={step}
            sources={sourcesOf(drawing, interfaces, name, declared)}
            onChange={(value) => set(input, value)}
          />
        ))}
      <Outputs name={name} drawing={drawing} about={about} onChange={onChange} />
      <div className="row">
        <button className="button danger" onClick={() => onChange((now) => without(now, new Set([name])))}>
          <Trash2 size={14} aria-hidden /> Remove step
        </button>
      </div>
    </section>
  );
}

function NameField({ name, drawing, onChange, onRenamed }: Pick<Props, "name" | "drawing" | "onChange" | "onRenamed">) {
  const [typed, setTyped] = useState(name);
  const wrong =
    typed === name
      ? ""
      : typed in stepsOf(drawing)
        ? "another step has this name"
        : /^[A-Za-z_]\w*$/.test(typed)
          ? ""
          : "letters, digits and _";
  const done = () => {
    if (typed === name || wrong) return;
    const fresh = freeName(stepsOf(drawing), typed);
    onChange((now) => renamed(now, name, fresh));
    onRenamed(fresh);
  };
  return (
    <label className="labelled">
      <span>Step</span>
      <span className="field">
        <input
          value={typed}
          aria-invalid={Boolean(wrong)}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={done}
          onKeyDown={(event) => event.key === "Enter" && done()}
        />
      </span>
      {wrong && <span className="wrong small">{wrong}</span>}
    </label>
  );
}

interface ValueProps {
  input: string;
  declared: Declared;
  value: unknown;
  onChange: (value: unknown) => void;
}

function ValueField({ ends, ...props }: ValueProps & { ends: string[] }) {
  const { input, value, onChange } = props;
  const named = inputNamed(value);
  if (ends.length === 0 && named === undefined) return <OwnValue {...props} />;
  return (
    <div className="labelled">
      {named === undefined ? <OwnValue {...props} /> : <span>{input}</span>}
      <select
        className="select"
        aria-label={`Where ${input} comes from`}
        value={named ?? ""}
        onChange={({ target }) => onChange(target.value ? fromInput(target.value) : undefined)}
      >
        <option value="">Said here</option>
        {ends.map((end) => (
          <option key={end} value={end}>
            Input {end} of the pipeline
          </option>
        ))}
      </select>
    </div>
  );
}

function OwnValue({ input, declared, value, onChange }: ValueProps) {
  const wrong = wrongValue(declared, value);
  return (
    <label className="labelled">
      <span>
        {input}
        <span className="quiet small">
          {" "}
          {[declared.type, range(declared), isNeeded(declared) ? "" : "optional"].filter(Boolean).join(", ")}
        </span>
      </span>
      <ValueInput input={input} declared={declared} value={value} onChange={onChange} />
      {wrong && value !== undefined && <span className="wrong small">{wrong}</span>}
      {declared.description && <span className="quiet small">{declared.description}</span>}
    </label>
  );
}

export function ValueInput({ input, declared, value, onChange }: ValueProps) {
  const [typed, setTyped] = useState<string>(); // "0." and "-" on their way to a number
  const standing = declared.default === undefined || declared.default === null ? "" : String(declared.default);
  const choices = declared.type === "boolean" ? [true, false] : declared.enum;
  if (choices) {
    return (
      <select
        className="select"
        value={value === undefined ? "" : String(value)}
        onChange={(event) => onChange(choices.find((choice) => String(choice) === event.target.value))}
      >
        <option value="">{standing ? `${standing} (as declared)` : "—"}</option>
        {choices.map((choice) => (
          <option key={String(choice)} value={String(choice)}>
            {String(choice)}
          </option>
        ))}
      </select>
    );
  }
  const isNumber = declared.type === "number" || declared.type === "integer";
  return (
    <span className="field">
      <input
        name={input}
        value={typed ?? (value === undefined ? "" : String(value))}
        placeholder={standing}
        inputMode={isNumber ? "decimal" : undefined}
        spellCheck={false}
        aria-invalid={wrongValue(declared, value) !== undefined && value !== undefined}
        onBlur={() => setTyped(undefined)}
        onChange={({ target }) => {
          setTyped(target.value);
          onChange(isNumber ? numberOf(target.value) : target.value || undefined);
        }}
      />
    </span>
  );
}

interface PortProps {
  input: string;
  declared: Declared;
  step: DrawnStep;
  sources: Source[];
  onChange: (value: unknown) => void;
}

/** The same as a line on the canvas, for the keyboard; and what lies outside the pipeline, by its reference. */
function PortField({ input, declared, step, sources, onChange }: PortProps) {
  const said = step.inputs?.[input];
  const bound = boundTo(said);
  const named = inputNamed(said);
  const chosen = named ? fromInput(named) : bound ? bindingTo(bound.from, bound.output) : "";
  const outside = chosen ? "" : String(pathOf(said) ?? "");
  return (
    <div className="labelled">
      <label className="labelled">
        <span>
          {input}
          <span className="quiet small">
            {" "}
            {declared.type}
            {!isNeeded(declared) && ", optional"}
          </span>
        </span>
        <select className="select" value={chosen} onChange={(event) => onChange(event.target.value || undefined)}>
          <option value="">{outside ? "From outside, see below" : "Nothing yet"}</option>
          {sources.map(({ value, label, why }) => (
            <option key={value} value={value} disabled={why !== undefined} title={why}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {!chosen && (
        <span className="field">
          <input
            aria-label={`Path for ${input}`}
            value={outside}
            placeholder="azureml:name:version"
            spellCheck={false}
            onChange={({ target }) => onChange(target.value ? { type: declared.type, path: target.value } : undefined)}
          />
        </span>
      )}
    </div>
  );
}

interface Source {
  value: string;
  label: string;
  why: string | undefined;
}

function sourcesOf(drawing: Drawing, interfaces: Record<string, Interface>, to: string, declared: Declared): Source[] {
  const ends = fitting(drawing, declared).map((name) => ({
    value: fromInput(name),
    label: `Input ${name} of the pipeline`,
    why: undefined,
  }));
  const steps = Object.keys(stepsOf(drawing)).flatMap((from) =>
    from === to
      ? []
      : Object.entries(interfaces[from]?.outputs ?? {}).map(([output, left]) => ({
          value: bindingTo(from, output),
          label: `${from}.${output}`,
          why: makesCycle(drawing, from, to) ? "that would be a circle" : misfit(left, declared),
        })),
  );
  return [...ends, ...steps];
}

function Outputs({
  name,
  drawing,
  about,
  onChange,
}: { about: Interface } & Pick<Props, "name" | "drawing" | "onChange">) {
  const left = Object.entries(about.outputs);
  if (left.length === 0) return null;
  return (
    <>
      <h3>Outputs</h3>
      <ul className="lines small">
        {left.map(([output, { type }]) => (
          <li key={output}>
            <span className="grow ellipsis">{output}</span> <span className="quiet">{type}</span>
            <button
              className="chip"
              aria-label={`${output} is an output of the pipeline`}
              aria-pressed={shownAs(drawing, name, output) !== undefined}
              onClick={() => onChange((now) => withShown(now, name, output, type ?? "uri_folder"))}
            >
              of the pipeline
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function range({ min, max }: Declared): string {
  if (min === undefined && max === undefined) return "";
  return `${min ?? "…"} to ${max ?? "…"}`;
}

function numberOf(text: string): unknown {
  if (!text.trim()) return undefined;
  const read = Number(text);
  return Number.isFinite(read) ? read : text;
}

function pathOf(said: unknown): unknown {
  return typeof said === "object" && said !== null && "path" in said ? said.path : said;
}

function valueOf(said: unknown): unknown {
  return typeof said === "object" && said !== null && "value" in said ? said.value : said;
}
