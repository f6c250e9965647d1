/** Whether an equal step was taken instead of running this one, and if not, in what it differed. */
import { Link } from "@tanstack/react-router";
import type { Difference, Reuse } from "../../api/why";

export function ReuseShown({ reuse }: { reuse: Reuse }) {
  const other = reuse.verdict === "HIT" ? reuse.job : reuse.compared_with;
  return (
    <section className="reuse">
      <p className="row">
        <span className={`badge ${reuse.verdict === "HIT" ? "good" : "idle"}`}>{reuse.verdict}</span>
        <span className="small">
          {reuse.verdict === "HIT" ? "taken from " : other ? "unlike " : ""}
          {other && (
            <Link to="/jobs/$name" params={{ name: other }} search={(was) => ({ ws: was.ws })}>
              {other}
            </Link>
          )}
        </span>
      </p>
      {reuse.message && <p className="small">{reuse.message}</p>}
      {reuse.differences.length > 0 && (
        <table className="values">
          <tbody>
            {reuse.differences.map((one) => (
              <tr key={one.field}>
                <th scope="row">{one.field}</th>
                <td>
                  <Sides one={one} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Sides({ one }: { one: Difference }) {
  const files = Array.isArray(one.files) ? one.files : Object.values(one.files ?? {}).flat();
  if (files.length) return <code>{files.join(", ")}</code>;
  return (
    <>
      <code className="before">{said(one.before)}</code> → <code className="after">{said(one.after)}</code>
    </>
  );
}

function said(value: unknown): string {
  if (value === undefined || value === null || value === "") return "nothing";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
