/** The pages that the navigation and the palette offer. */
import {
  Boxes,
  CalendarClock,
  Cpu,
  Database,
  House,
  ListChecks,
  type LucideIcon,
  Package,
  PencilRuler,
  Puzzle,
  Radio,
  Settings,
  Workflow,
} from "lucide-react";

export interface Entry {
  to: string;
  title: string;
  Icon: LucideIcon;
  /** Under which words the palette finds it too. */
  words?: string;
}

export interface Group {
  title: string;
  entries: Entry[];
}

export const NAV: Group[] = [
  {
    title: "Work",
    entries: [
      { to: "/", title: "Home", Icon: House },
      { to: "/jobs", title: "Jobs", Icon: ListChecks, words: "runs experiments" },
      { to: "/pipelines", title: "Pipelines", Icon: Workflow },
      { to: "/designer", title: "Designer", Icon: PencilRuler, words: "drafts canvas" },
    ],
  },
  {
    title: "Assets",
    entries: [
      { to: "/data", title: "Data", Icon: Database, words: "datasets datastores" },
      { to: "/components", title: "Components", Icon: Puzzle },
      { to: "/environments", title: "Environments", Icon: Package, words: "conda images packages" },
      { to: "/models", title: "Models", Icon: Boxes, words: "registry" },
      { to: "/endpoints", title: "Endpoints", Icon: Radio, words: "online batch deployments serving" },
    ],
  },
  {
    title: "Manage",
    entries: [
      { to: "/compute", title: "Compute", Icon: Cpu, words: "clusters instances nodes" },
      { to: "/schedules", title: "Schedules", Icon: CalendarClock, words: "cron" },
      { to: "/settings", title: "Settings", Icon: Settings, words: "workspace tokens secrets about shortcuts" },
    ],
  },
];
