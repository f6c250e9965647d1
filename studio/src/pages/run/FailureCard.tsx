/** Why a job failed, before anything else: the cause, the last of its log, and what to do about it. */
import { useNavigate } from "@tanstack/react-router";
import { CircleX } from "lucide-react";
import type { Failure, JobState } from "../../api/jobs";
import { CopyButton } from "../../kit/CopyButton";

export function FailureCard({ state }: { state: JobState }) {
  const failure = told(state);
  const go = useNavigate({ from: "/jobs/$name" });
  if (!failure) return null;
  const log = failure.error || failure.log.join("\n");
  return (
    <section className="card failure" aria-labelledby="why">
      <header>
        <CircleX size={16} aria-hidden />
        <h2 id="why">{failure.cause}</h2>
        <span className="grow" />
        <button className="button" onClick={() => void go({ search: (was) => ({ ws: was.ws, tab: "outputs" }) })}>
          Open the log
        </button>
      </header>
      <div className="inside" style={{ display: "grid", gap: 12 }}>
        <p>{failure.message}</p>
        {log && <pre>{log}</pre>}
        {failure.do.map((command) => (
          <div key={command} className="row">
            <code className="grow ellipsis">{command}</code>
            <CopyButton text={command} />
          </div>
        ))}
      </div>
    </section>
  );
}

/** What the server found out; at least the reason on record. */
function told({ status, failure, reason }: JobState): Failure | undefined {
  if (status !== "Failed") return undefined;
  if (failure) return failure;
  return reason ? { cause: reason.code, message: reason.message, error: "", log: [], do: [] } : undefined;
}
