/** What is started by the clock, or by what happens. */
import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { actionOf, type Schedule, triggerText } from "../../api/schedules";
import { useChange } from "../../api/resources";
import { Act } from "../../kit/Act";
import type { Column } from "../../kit/DataTable";
import { StatusBadge } from "../../kit/StatusBadge";
import { ago, exact } from "../../lib/format";
import { useNow } from "../../lib/hooks";
import { by, JobLink, named } from "../../resources/columns";
import { ResourceList } from "../../resources/ResourceList";
import { useWorkspace } from "../../shell/workspace";
import { MakeDialog } from "./MakeDialog";
import "./schedules.css";

const COLUMNS: Column<Schedule>[] = [
  named("/schedules/$name", ({ spec }) => spec.display_name),
  {
    id: "state",
    header: "State",
    width: "120px",
    cell: ({ spec }) => <StatusBadge status={spec.is_enabled ? "Enabled" : "Disabled"} />,
  },
  {
    id: "when",
    header: "When",
    width: "minmax(260px, 3fr)",
    cell: ({ spec }) => <span title={triggerText(spec.trigger)}>{triggerText(spec.trigger)}</span>,
  },
  { id: "what", header: "Starts", width: "104px", cell: ({ spec }) => actionOf(spec) },
  { id: "next", header: "Next", width: "128px", cell: ({ state }) => <Next iso={state.next_run_time} /> },
  {
    id: "last",
    header: "Last started",
    width: "minmax(120px, 1fr)",
    cell: ({ state }) => (state.last_job ? <JobLink name={state.last_job} /> : ""),
  },
  by(),
];

function Next({ iso }: { iso: string | null }) {
  const now = useNow(15_000);
  return iso ? (
    <time dateTime={iso} title={exact(iso)}>
      {ago(iso, now)}
    </time>
  ) : (
    "–"
  );
}

export function SchedulesPage() {
  const ws = useWorkspace();
  const go = useNavigate();
  const change = useChange(ws);
  const [isMaking, setMaking] = useState(false);
  const open = (name: string) =>
    void go({ to: "/schedules/$name", params: { name }, search: (was) => ({ ws: was.ws }) });
  return (
    <>
      <ResourceList<Schedule>
        ws={ws}
        title="Schedules"
        kind="schedules"
        columns={COLUMNS}
        onOpen={({ name }) => open(name)}
        sortOf={({ spec }) => (spec.is_enabled ? "Enabled" : "Disabled")}
        wordsOf={({ spec }) => triggerText(spec.trigger)}
        empty={{
          title: "Nothing is started by the clock yet",
          about: "A schedule names a job and when it is to run:",
          commands: "zaffre schedule create -f schedule.yml",
        }}
        action={
          <Act className="button primary" onClick={() => setMaking(true)}>
            <Plus size={14} aria-hidden /> New schedule
          </Act>
        }
      />
      {isMaking && (
        <MakeDialog
          ws={ws}
          onClose={() => setMaking(false)}
          onMake={async (spec) => {
            await change.mutateAsync({ method: "PUT", parts: ["schedules", String(spec.name)], body: spec });
            open(String(spec.name));
          }}
        />
      )}
    </>
  );
}
