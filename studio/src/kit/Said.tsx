/** What stands where nothing can be shown: nothing there yet, still coming, or refused. */
import type { ReactNode } from "react";
import { ApiError } from "../api/errors";
import { CopyButton } from "./CopyButton";

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="said">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** The server's own words, each problem with its place and what to do; and the id under which its log has more. */
export function Refused({ error, retry }: { error: Error; retry?: () => void }) {
  const told = error instanceof ApiError ? error : undefined;
  return (
    <div className="said" role="alert">
      <h2>{told?.message ?? error.message}</h2>
      {told?.details.map((detail) => (
        <p key={detail.field + detail.message}>
          {detail.field && <code>{detail.field}: </code>}
          {detail.message}
          {detail.hint && ` (did you mean ${detail.hint}?)`}
        </p>
      ))}
      <div className="row">
        {retry && (
          <button className="button" onClick={retry}>
            Try again
          </button>
        )}
        {told?.request && <CopyButton text={told.request} label="Copy request id" />}
      </div>
    </div>
  );
}

/** The same in a line or two, beside what was asked for. */
export function Refusal({ error }: { error: Error }) {
  const told = error instanceof ApiError ? error.details : [];
  return (
    <div className="refusal" role="alert">
      <p>{error.message}</p>
      {told.map(({ field, message, hint }) => (
        <p key={field + message}>
          {field && <code>{field}: </code>}
          {message}
          {hint && ` (${hint})`}
        </p>
      ))}
    </div>
  );
}

export function Skeleton({ lines = 6 }: { lines?: number }) {
  return (
    <div role="status" aria-label="Loading" className="waiting">
      <div>
        {Array.from({ length: lines }, (_, at) => (
          <div key={at} className="skeleton" style={{ width: `${90 - ((at * 17) % 45)}%` }} />
        ))}
      </div>
    </div>
  );
}
