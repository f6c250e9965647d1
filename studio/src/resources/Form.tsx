/** A form in a dialog, made of fields: what it makes can be copied as a command, Python and YAML before it is made. */
import { type ReactNode, useId, useState } from "react";
import { ApiError } from "../api/errors";
import { Dialog } from "../kit/Dialog";
import { Refusal } from "../kit/Said";
import { yaml } from "../lib/yaml";
import { CopyAs, type Ways } from "./CopyAs";
import { type Kind, spelt } from "./kinds";

export type Values = Record<string, string>;

export interface Field {
  /** Also where the server says what is wrong with it, unless `path` says otherwise. */
  name: string;
  label: string;
  path?: string;
  hint?: ReactNode;
  kind?: "text" | "number" | "area" | "select" | "check" | "secret";
  options?: readonly (string | readonly [value: string, label: string])[];
  isNeeded?: boolean;
  fits?: (values: Values) => boolean;
  placeholder?: string;
}

interface Props {
  title: string;
  about?: ReactNode;
  fields: readonly Field[];
  initial?: Values;
  verb: string;
  ws: string;
  kind: Kind;
  /** What is sent. */
  toSpec: (values: Values) => Record<string, unknown>;
  /** Without it secrets would stand in what is copied. */
  toShown?: (values: Values) => Record<string, unknown>;
  send: (spec: Record<string, unknown>) => Promise<unknown>;
  onClose: () => void;
  extra?: (values: Values, set: (more: Values) => void) => ReactNode;
  /** Where what is sent creates nothing: how it is written otherwise, from its YAML. */
  ways?: (document: string, spec: Record<string, unknown>) => Ways;
}

export function FormDialog(props: Props) {
  const {
    title,
    about,
    fields,
    initial = {},
    verb,
    ws,
    kind,
    toSpec,
    toShown = toSpec,
    send,
    onClose,
    extra,
    ways,
  } = props;
  const [values, setValues] = useState<Values>(initial);
  const [error, setError] = useState<Error | null>(null);
  const [isBusy, setBusy] = useState(false);
  const shown = fields.filter(({ fits }) => fits?.(values) ?? true);
  const missing = shown.some(({ name, isNeeded }) => isNeeded && !values[name]?.trim());
  const told = error instanceof ApiError ? error.details : [];
  const wrongWith = (field: Field) => told.find((one) => one.field === (field.path ?? field.name))?.message;
  const isPlaced =
    told.length > 0 && told.every((one) => shown.some((field) => (field.path ?? field.name) === one.field));
  const submit = async () => {
    setBusy(true);
    setError(null);
    try {
      await send(toSpec(values));
      onClose();
    } catch (wrong) {
      setError(wrong instanceof Error ? wrong : new Error(String(wrong)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} about={about} onClose={onClose}>
      <form
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {shown.map((field) => (
          <FieldBox
            key={field.name}
            field={field}
            value={values[field.name] ?? ""}
            wrong={wrongWith(field)}
            onChange={(value) => setValues((was) => ({ ...was, [field.name]: value }))}
          />
        ))}
        {extra?.(values, (more) => setValues((was) => ({ ...was, ...more })))}
        {error && !isPlaced && <Refusal error={error} />}
        <div className="row end">
          <CopyAs
            ways={() => (ways ? ways(yaml(toShown(values)), toShown(values)) : { ...spelt(kind, toShown(values), ws) })}
          />
          <span className="grow" />
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button className="button primary" disabled={isBusy || missing}>
            {verb}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface BoxProps {
  field: Field;
  value: string;
  wrong: string | undefined;
  onChange: (value: string) => void;
}

export function FieldBox({ field, value, wrong, onChange }: BoxProps) {
  const { label, hint, isNeeded, kind = "text" } = field;
  const id = useId();
  const about = wrong || hint ? `${id}about` : undefined;
  if (kind === "check") {
    return (
      <label className="labelled check">
        <input
          type="checkbox"
          checked={value === "true"}
          onChange={(event) => onChange(String(event.target.checked))}
        />
        <span>{label}</span>
      </label>
    );
  }
  return (
    <div className="labelled">
      <label htmlFor={id}>
        {label}
        {!isNeeded && kind !== "select" && <span className="quiet small"> optional</span>}
      </label>
      <Input field={field} id={id} value={value} about={about} isWrong={Boolean(wrong)} onChange={onChange} />
      {hint && !wrong && (
        <span className="quiet small" id={about}>
          {hint}
        </span>
      )}
      {wrong && (
        <span className="wrong small" id={about} role="alert">
          {wrong}
        </span>
      )}
    </div>
  );
}

interface InputProps {
  field: Field;
  id: string;
  value: string;
  about: string | undefined;
  isWrong: boolean;
  onChange: (value: string) => void;
}

function Input({ field, id, value, about, isWrong, onChange }: InputProps) {
  const { name, kind = "text", options = [], placeholder, isNeeded } = field;
  const more = { id, name, "aria-describedby": about, "aria-invalid": isWrong, "aria-required": isNeeded };
  if (kind === "select") {
    return (
      <select className="select" value={value} {...more} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => {
          const [id, word] = typeof option === "string" ? [option, option] : option;
          return (
            <option key={id} value={id}>
              {word}
            </option>
          );
        })}
      </select>
    );
  }
  if (kind === "area") {
    return (
      <textarea
        className="area mono"
        rows={6}
        spellCheck={false}
        value={value}
        placeholder={placeholder}
        {...more}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  return (
    <span className="field">
      <input
        value={value}
        type={kind === "secret" ? "password" : "text"}
        inputMode={kind === "number" ? "numeric" : undefined}
        autoComplete={kind === "secret" ? "new-password" : "off"}
        spellCheck={false}
        placeholder={placeholder}
        {...more}
        onChange={(event) => onChange(event.target.value)}
      />
    </span>
  );
}

/** A document without what was left empty. */
export function filled(spec: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== "" && value !== undefined));
}

/** A number where it is one; what else was typed goes to the server, which says what it expected. */
export function numeric(text: string | undefined): number | string | undefined {
  if (!text?.trim()) return undefined;
  const read = Number(text);
  return Number.isFinite(read) ? read : text;
}
