/** Which jobs are compared: a search that adds, and the rest by the heads of the table. */
import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { Popover } from "radix-ui";
import { useState } from "react";
import { useJobs } from "../../api/jobs";
import { flat } from "../../api/pages";
import { StatusBadge } from "../../kit/StatusBadge";
import { filterOf } from "../../lib/filter";
import { useSettled } from "../../lib/hooks";

const MOST = 8;

export function Chooser({ ws, names }: { ws: string; names: string[] }) {
  const [typed, setTyped] = useState("");
  const found = useJobs(ws, { filter: filterOf(useSettled(typed)) });
  const go = useNavigate({ from: "/compare" });
  const shown = flat(found.data?.pages ?? [])
    .filter(({ name }) => !names.includes(name))
    .slice(0, MOST);
  return (
    <Popover.Root>
      <Popover.Trigger className="button">
        <Plus size={14} aria-hidden /> Add a job
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="menu chooser" align="end" sideOffset={4}>
          <label className="field">
            <span className="visually-hidden">Search jobs to add</span>
            <input value={typed} placeholder="Name, or type:sweep" onChange={(event) => setTyped(event.target.value)} />
          </label>
          {shown.map((job) => (
            <button
              key={job.name}
              className="choice"
              onClick={() => void go({ search: (was) => ({ ...was, ids: [...names, job.name].join(",") }) })}
            >
              <span className="grow ellipsis">{job.spec.display_name ?? job.name}</span>
              <span className="quiet small">{job.name}</span>
              <StatusBadge status={job.state.status} />
            </button>
          ))}
          {found.data && shown.length === 0 && <p className="quiet small">No other job is like that.</p>}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
