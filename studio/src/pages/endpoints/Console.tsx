/** Asking an endpoint: a table to fill in where it says its columns, else JSON; the answer with how long it took. */
import { Play, Plus, X } from "lucide-react";
import { useState } from "react";
import { type Answer, ask } from "../../api/endpoints";
import { useAsked } from "../../api/resources";
import { Act } from "../../kit/Act";
import { Card } from "../../kit/Card";
import { CopyButton } from "../../kit/CopyButton";
import { Refusal, Refused, Skeleton } from "../../kit/Said";
import { duration } from "../../lib/format";
import { type Asked, askedOf, bodyOf, type Column, rowsOf } from "./requests";
import "./endpoints.css";

interface Props {
  ws: string;
  endpoint: string;
  deployments: string[];
  /** The one that is asked, whatever the traffic says. */
  only?: string;
}

export function Console(props: Props) {
  const found = useAsked<unknown>(props.ws, ["online-endpoints", props.endpoint, "swagger"]);
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  return <Asking {...props} asked={askedOf(found.data)} />;
}

function Asking({ ws, endpoint, deployments, only, asked }: Props & { asked: Asked }) {
  const [body, setBody] = useState(asked.example);
  const [isRaw, setRaw] = useState(asked.columns.length === 0);
  const [deployment, setDeployment] = useState(only ?? "");
  const [answer, setAnswer] = useState<Answer | undefined>();
  const [error, setError] = useState<Error | null>(null);
  const [isBusy, setBusy] = useState(false);
  const rows = rowsOf(asked.columns, body);
  const send = async () => {
    setBusy(true);
    setError(null);
    try {
      setAnswer(await ask(ws, endpoint, deployment, body));
    } catch (wrong) {
      setAnswer(undefined);
      setError(wrong instanceof Error ? wrong : new Error(String(wrong)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="console">
      <Card
        title="Request"
        action={
          asked.columns.length > 0 && (
            <div className="row" role="group" aria-label="How it is written">
              <button className="chip" aria-pressed={!isRaw} disabled={!rows} onClick={() => setRaw(false)}>
                Form
              </button>
              <button className="chip" aria-pressed={isRaw} onClick={() => setRaw(true)}>
                JSON
              </button>
            </div>
          )
        }
      >
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault();
            void send();
          }}
        >
          {isRaw || !rows ? (
            <textarea
              className="area"
              rows={14}
              spellCheck={false}
              aria-label="Body of the request"
              value={body}
              onChange={(event) => setBody(event.target.value)}
            />
          ) : (
            <RowsForm columns={asked.columns} rows={rows} onChange={(next) => setBody(bodyOf(asked.columns, next))} />
          )}
          <div className="row">
            {!only && (
              <label className="row small">
                To
                <select className="select" value={deployment} onChange={(event) => setDeployment(event.target.value)}>
                  <option value="">whichever the traffic says</option>
                  {deployments.map((name) => (
                    <option key={name}>{name}</option>
                  ))}
                </select>
              </label>
            )}
            <span className="grow" />
            <Act className="button primary" disabled={isBusy}>
              <Play size={14} aria-hidden /> Ask
            </Act>
          </div>
        </form>
      </Card>
      <Card title="Answer" action={answer && <CopyButton text={answer.text} />}>
        {error && <Refusal error={error} />}
        {answer && <Answered answer={answer} />}
        {!answer && !error && <p className="quiet">What the model says stands here, with how long it took.</p>}
      </Card>
    </div>
  );
}

function Answered({ answer }: { answer: Answer }) {
  const isGood = answer.status < 400;
  return (
    <div className="stack" style={{ gap: 8 }} role="status">
      <div className="row small number">
        <span className={`badge ${isGood ? "good" : "bad"}`}>{answer.status}</span>
        <span>{duration(answer.ms / 1000)}</span>
        {answer.deployment && <span className="quiet">by {answer.deployment}</span>}
      </div>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <pre className="answer" tabIndex={0}>
        {indented(answer.text)}
      </pre>
    </div>
  );
}

interface RowsProps {
  columns: Column[];
  rows: string[][];
  onChange: (rows: string[][]) => void;
}

function RowsForm({ columns, rows, onChange }: RowsProps) {
  const set = (row: number, column: number, value: string) =>
    onChange(rows.map((was, at) => (at === row ? was.map((cell, place) => (place === column ? value : cell)) : was)));
  return (
    <>
      <div className="asked">
        <table>
          <thead>
            <tr>
              <th scope="col">Column</th>
              {rows.map((_, at) => (
                <th scope="col" key={at}>
                  Row {at + 1}
                  {rows.length > 1 && (
                    <button
                      type="button"
                      className="bare"
                      aria-label={`Remove row ${at + 1}`}
                      onClick={() => onChange(rows.filter((__, other) => other !== at))}
                    >
                      <X size={12} aria-hidden />
                    </button>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {columns.map(({ name, type }, place) => (
              <tr key={name}>
                <th scope="row">
                  {name} <span className="quiet small">{type}</span>
                </th>
                {rows.map((row, at) => (
                  <td key={at}>
                    <input
                      aria-label={`${name}, row ${at + 1}`}
                      value={row[place] ?? ""}
                      onChange={(event) => set(at, place, event.target.value)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <button
        type="button"
        className="button plain"
        style={{ justifySelf: "start" }}
        onClick={() => onChange([...rows, [...(rows.at(-1) ?? [])]])}
      >
        <Plus size={14} aria-hidden /> Add a row
      </button>
    </>
  );
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
