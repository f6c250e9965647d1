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

export const StatusBadge = memo(function StatusBadge({ status }: { status: Status }) {
  const [tone, Icon, word] = SHOWN[status] ?? SHOWN.Unknown;
  return (
    <span className={`badge ${tone}`}>
      <Icon size={14} aria-hidden className={Icon === LoaderCircle ? "spin" : undefined} />
      {word}
    </span>
  );
});

export function statusTone(status: Status): Tone {
  return (SHOWN[status] ?? SHOWN.Unknown)[0];
}
