/** A schedule made, or another trigger given to one that is there. */
import type { Job } from "../../api/jobs";
import { useResources } from "../../api/resources";
import { type Field, filled, FormDialog, type Values } from "../../resources/Form";
import { KINDS } from "../../resources/kinds";
import { CronEditor } from "./CronEditor";

interface Props {
  ws: string;
  onMake: (spec: Record<string, unknown>) => Promise<unknown>;
  onClose: () => void;
}

const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const MOST_JOBS = 100;

export function MakeDialog({ ws, onMake, onClose }: Props) {
  const found = useResources<Job>(ws, "jobs");
  const jobs = (found.data?.pages[0]?.value ?? []).slice(0, MOST_JOBS);
  const fields: readonly Field[] = [
    { name: "name", label: "Name", isNeeded: true, placeholder: "nightly-training" },
    {
      name: "job",
      label: "Job to repeat",
      path: "create_job",
      kind: "select",
      isNeeded: true,
      options: [
        ["", "choose one"],
        ...jobs.map((job) => [job.name, `${job.spec.display_name || job.name} (${job.name})`] as const),
      ],
      hint: "Each run is submitted anew, as that job was.",
    },
    { name: "zone", label: "Time zone", path: "trigger.time_zone", isNeeded: true },
  ];
  return (
    <FormDialog
      title="New schedule"
      fields={fields}
      initial={{ cron: "0 6 * * *", zone: HERE || "UTC" }}
      verb="Create"
      ws={ws}
      kind={KINDS.schedule}
      toSpec={specOf}
      send={onMake}
      onClose={onClose}
      extra={(values, set) => (
        <CronEditor ws={ws} line={values.cron ?? ""} zone={values.zone ?? ""} onChange={(cron) => set({ cron })} />
      )}
    />
  );
}

/** The document of what was filled in. */
export function specOf({ name, job, cron, zone }: Values): Record<string, unknown> {
  return filled({
    name,
    trigger: filled({ type: "cron", expression: cron, time_zone: zone, start_time: todayIn() }),
    create_job: job ? `azureml:${job}` : "",
  });
}

/** Without a start it would be due at once; from the beginning of today on only its own times are. */
function todayIn(): string {
  return `${new Date().toISOString().slice(0, 10)}T00:00:00`;
}
