/** A status as icon, word and colour, never as colour alone. */
import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleX,
  Clock,
  LoaderCircle,
  type LucideIcon,
  TriangleAlert,
} from "lucide-react";
import { memo } from "react";
import type { Status } from "../api/jobs";

type Tone = "good" | "busy" | "bad" | "idle" | "warn";

const SHOWN: Record<Status, [Tone, LucideIcon, string]> = {
  NotStarted: ["idle", Clock, "Not started"],
  Queued: ["idle", Clock, "Queued"],
  Provisioning: ["warn", CircleDashed, "Provisioning"],
  Preparing: ["warn", CircleDashed, "Preparing"],
  Starting: ["busy", LoaderCircle, "Starting"],
  Running: ["busy", LoaderCircle, "Running"],
  Finalizing: ["busy", LoaderCircle, "Finalizing"],
  CancelRequested: ["idle", Ban, "Canceling"],
  Paused: ["idle", Clock, "Paused"],
  NotResponding: ["warn", TriangleAlert, "Not responding"],
  Completed: ["good", CircleCheck, "Completed"],
  Failed: ["bad", CircleX, "Failed"],
  Canceled: ["idle", Ban, "Canceled"],
  Unknown: ["idle", CircleDashed, "Unknown"],
};
/** What is no job: endpoints, computes, schedules, environments. */
const OTHERS: Record<string, [Tone, LucideIcon, string]> = {
  Succeeded: ["good", CircleCheck, "Ready"],
  Creating: ["busy", LoaderCircle, "Creating"],
  Updating: ["busy", LoaderCircle, "Updating"],
  Scaling: ["busy", LoaderCircle, "Scaling"],
  Deleting: ["idle", LoaderCircle, "Deleting"],
  Stopped: ["idle", Ban, "Stopped"],
  Up: ["good", CircleCheck, "Running"],
  Steady: ["good", CircleCheck, "Steady"],
  Resizing: ["busy", LoaderCircle, "Resizing"],
  Enabled: ["good", CircleCheck, "Enabled"],
  Disabled: ["idle", Ban, "Disabled"],
  ready: ["good", CircleCheck, "Built"],
  building: ["busy", LoaderCircle, "Building"],
  missing: ["idle", CircleDashed, "Not built yet"],
  failed: ["bad", CircleX, "Cannot be built"],
  cannot_build: ["bad", CircleX, "Cannot be built"],
};

export const StatusBadge = memo(function StatusBadge({ status }: { status: string }) {
  const [tone, Icon, word] = shownOf(status);
  return (
    <span className={`badge ${tone}`}>
      <Icon size={14} aria-hidden className={Icon === LoaderCircle ? "spin" : undefined} />
      {word}
    </span>
  );
});

export function statusTone(status: string): Tone {
  return shownOf(status)[0];
}

function shownOf(status: string): [Tone, LucideIcon, string] {
  return (SHOWN as Record<string, [Tone, LucideIcon, string]>)[status] ?? OTHERS[status] ?? SHOWN.Unknown;
}
