/** One schedule: when it is due next, what it starts, and what it started. */
import { useParams } from "@tanstack/react-router";
import { CalendarOff, CalendarPlus, Clock, Play } from "lucide-react";
import { useState } from "react";
import { actionOf, type Past, type Schedule, type ScheduleSpec, triggerText } from "../../api/schedules";
import { useAsked, useChange, useResource } from "../../api/resources";
import { Act } from "../../kit/Act";
import { Card, Pairs } from "../../kit/Card";
import { CopyButton } from "../../kit/CopyButton";
import { Dialog } from "../../kit/Dialog";
import { Refusal, Refused, Skeleton } from "../../kit/Said";
import { StatusBadge } from "../../kit/StatusBadge";
import { actor, exact } from "../../lib/format";
import { yaml } from "../../lib/yaml";
import { JobLink } from "../../resources/columns";
import { DeleteButton } from "../../resources/DeleteButton";
import { CopyAs } from "../../resources/CopyAs";
import { EditTexts } from "../../resources/EditTexts";
import { KINDS, spelt } from "../../resources/kinds";
import { ResourcePage } from "../../resources/ResourcePage";
import { useWorkspace } from "../../shell/workspace";
import { Ago } from "../jobs/columns";
import { CronEditor } from "./CronEditor";
import "./schedules.css";

export function SchedulePage() {
  const ws = useWorkspace();
  const { name } = useParams({ from: "/schedules/$name" });
  const found = useResource<Schedule>(ws, "schedules", name);
  if (found.isPending) return <Skeleton />;
  if (!found.data)
    return <Refused error={found.error ?? new Error("It cannot be shown.")} retry={() => void found.refetch()} />;
  return <Shown ws={ws} schedule={found.data} />;
}

function Shown({ ws, schedule }: { ws: string; schedule: Schedule }) {
  const { name, spec, system } = schedule;
  return (
    <ResourcePage
      list={{ to: "/schedules", title: "Schedules" }}
      name={name}
      title={spec.display_name || name}
      badges={<StatusBadge status={spec.is_enabled ? "Enabled" : "Disabled"} />}
      facts={[triggerText(spec.trigger), <Ago key="ago" iso={system.created_at} />, actor(system.created_by)]}
      actions={<Verbs ws={ws} schedule={schedule} />}
      parts={[
        { id: "overview", title: "Overview", shown: <Overview ws={ws} schedule={schedule} /> },
        { id: "history", title: "History", shown: <History ws={ws} name={name} /> },
      ]}
    />
  );
}

function Verbs({ ws, schedule }: { ws: string; schedule: Schedule }) {
  const { name, spec } = schedule;
  const change = useChange(ws);
  const call = (verb: string) => change.mutate({ method: "POST", parts: ["schedules", name, verb], body: {} });
  const Sign = spec.is_enabled ? CalendarOff : CalendarPlus;
  return (
    <>
      {change.error && <Refusal error={change.error} />}
      <CopyAs ways={() => ({ ...spelt(KINDS.schedule, spec, ws) })} />
      <Act className="button" disabled={change.isPending} onClick={() => call(spec.is_enabled ? "disable" : "enable")}>
        <Sign size={14} aria-hidden /> {spec.is_enabled ? "Disable" : "Enable"}
      </Act>
      <DeleteButton
        ws={ws}
        parts={["schedules", name]}
        label="Delete this schedule"
        title={`Delete ${name}`}
        about="It starts nothing more. What it started stays."
        typed={name}
        list={{ to: "/schedules" }}
      />
      <Act className="button primary" disabled={change.isPending} onClick={() => call("trigger")}>
        <Play size={14} aria-hidden /> Trigger now
      </Act>
    </>
  );
}

function Overview({ ws, schedule }: { ws: string; schedule: Schedule }) {
  const { name, spec, state } = schedule;
  const change = useChange(ws);
  const save = (description: string, tags: Record<string, string>) =>
    change.mutateAsync({ method: "PUT", parts: ["schedules", name], body: { ...spec, description, tags } });
  const what = yaml(spec.create_job ?? spec.invoke_batch_endpoint ?? spec.import_data ?? spec.create_monitor);
  return (
    <div className="beside">
      <div>
        <When ws={ws} schedule={schedule} />
        <Card title={`What it starts: ${actionOf(spec)}`} action={<CopyButton text={what} />}>
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
          <pre className="source" tabIndex={0}>
            {what}
          </pre>
        </Card>
      </div>
      <div>
        <EditTexts description={spec.description ?? ""} tags={spec.tags ?? {}} onSave={save} />
        <Card title="Trigger">
          <Pairs
            of={[
              ["When", triggerText(spec.trigger)],
              ["Time zone", spec.trigger.time_zone],
              ["From", spec.trigger.start_time],
              ["Until", spec.trigger.end_time],
              ["Last started", state.last_job && <JobLink key="job" name={state.last_job} />],
            ]}
          />
        </Card>
      </div>
    </div>
  );
}

function When({ ws, schedule }: { ws: string; schedule: Schedule }) {
  const { name, spec } = schedule;
  const times = useAsked<{ value: string[] }>(ws, ["schedules", name, "times"]);
  const [isEditing, setEditing] = useState(false);
  const due = times.data?.value ?? [];
  return (
    <Card
      title="Next times"
      action={
        spec.trigger.type === "cron" && (
          <Act className="button plain" onClick={() => setEditing(true)}>
            <Clock size={14} aria-hidden /> Change
          </Act>
        )
      }
    >
      {times.error && <Refusal error={times.error} />}
      {times.data && due.length === 0 && (
        <p className="quiet">
          {!spec.is_enabled
            ? "It is disabled."
            : spec.trigger.type === "event"
              ? "It waits for what happens, not for a time."
              : "None is left."}
        </p>
      )}
      <ol className="times number">
        {due.map((time) => (
          <li key={time}>{exact(time)}</li>
        ))}
      </ol>
      {isEditing && <EditTrigger ws={ws} spec={spec} onClose={() => setEditing(false)} />}
    </Card>
  );
}

function EditTrigger({ ws, spec, onClose }: { ws: string; spec: ScheduleSpec; onClose: () => void }) {
  const [line, setLine] = useState(spec.trigger.expression ?? "");
  const change = useChange(ws);
  const body = { ...spec, trigger: { ...spec.trigger, expression: line } };
  return (
    <Dialog title={`When ${spec.name} is due`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ method: "PUT", parts: ["schedules", spec.name], body }, { onSuccess: onClose });
        }}
      >
        <CronEditor ws={ws} line={line} zone={spec.trigger.time_zone ?? ""} onChange={setLine} />
        {change.error && <Refusal error={change.error} />}
        <div className="row end">
          <CopyAs ways={() => ({ ...spelt(KINDS.schedule, body, ws) })} />
          <span className="grow" />
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button className="button primary" disabled={change.isPending}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function History({ ws, name }: { ws: string; name: string }) {
  const found = useAsked<{ value: Past[] }>(ws, ["schedules", name, "history"], "", { every: 3000 });
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <Refused error={found.error} retry={() => void found.refetch()} />;
  const past = found.data.value;
  return (
    <Card>
      {past.length === 0 ? (
        <p className="quiet">It has not been due yet.</p>
      ) : (
        <table className="plain-table">
          <thead>
            <tr>
              <th>Due</th>
              <th>What came of it</th>
              <th>Why</th>
              <th>Job</th>
            </tr>
          </thead>
          <tbody>
            {past.map((one) => (
              <tr key={one.id}>
                <td className="number">{exact(one.due)}</td>
                <td>
                  {one.status ? (
                    <StatusBadge status={one.status} />
                  ) : (
                    `${one.result}${one.count ? `, ${one.count} times` : ""}`
                  )}
                </td>
                <td>{one.message ?? one.why}</td>
                <td>{one.job && <JobLink name={one.job} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}
