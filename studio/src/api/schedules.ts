/** Schedules: when something is started, what, and what came of it. */
import { useQuery } from "@tanstack/react-query";
import { sendJson } from "./client";
import { place, type Resource } from "./resources";

export interface Trigger {
  type: "cron" | "recurrence" | "event";
  expression?: string;
  frequency?: string;
  interval?: number;
  schedule?: { hours?: number[]; minutes?: number[]; week_days?: string[]; month_days?: number[] };
  time_zone?: string;
  start_time?: string;
  end_time?: string;
  on?: string;
  name?: string;
}

export interface ScheduleSpec extends Record<string, unknown> {
  name: string;
  display_name?: string;
  description?: string;
  trigger: Trigger;
  is_enabled: boolean;
  tags?: Record<string, string>;
}

export interface ScheduleState extends Record<string, unknown> {
  next_run_time: string | null;
  last_job: string | null;
}

export type Schedule = Resource<ScheduleSpec, ScheduleState>;

export interface Past {
  id: number;
  at: string;
  due: string;
  result: "started" | "skipped";
  why: string;
  job?: string;
  status?: string;
  message?: string;
  count?: number;
}

/** When a trigger that is still being written would be due. */
export function useTimes(ws: string, trigger: Trigger) {
  return useQuery({
    queryKey: ["schedules", ws, "would", trigger],
    queryFn: () => sendJson<{ value: string[] }>("POST", place(ws, "schedules:times"), { trigger }),
    retry: false,
  });
}

/** `every weekday at 02:30`, as far as that can be said shortly. */
export function triggerText(trigger: Trigger): string {
  if (trigger.type === "cron") return `cron ${trigger.expression}`;
  return trigger.type === "event" ? eventText(trigger) : recurrenceText(trigger);
}

function eventText({ on = "", name }: Trigger): string {
  return `after ${on.replaceAll("_", " ")}${name ? ` of ${name}` : ""}`;
}

function recurrenceText({ frequency = "day", interval = 1, schedule }: Trigger): string {
  const often = interval === 1 ? `every ${frequency}` : `every ${interval} ${frequency}s`;
  const days = schedule?.week_days?.map((day) => day.slice(0, 3)).join(", ");
  const monthDays = schedule?.month_days?.join(", ");
  return [often, days && `on ${days}`, monthDays && `on the ${monthDays}.`, clock(schedule)].filter(Boolean).join(" ");
}

function clock(schedule: Trigger["schedule"]): string {
  const hours = schedule?.hours ?? [];
  const minutes = schedule?.minutes ?? [0];
  const two = (value: number) => String(value).padStart(2, "0");
  const times = hours.flatMap((hour) => minutes.map((minute) => `${two(hour)}:${two(minute)}`));
  return times.length > 0 ? `at ${times.join(", ")}` : "";
}

const ACTIONS: Record<string, string> = {
  create_job: "a job",
  import_data: "an import",
  invoke_batch_endpoint: "a batch endpoint",
  create_monitor: "a monitor",
};

export function actionOf(spec: Record<string, unknown>): string {
  return ACTIONS[Object.keys(ACTIONS).find((name) => spec[name]) ?? ""] ?? "";
}
