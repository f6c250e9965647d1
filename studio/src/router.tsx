/** Addresses and what they show. Whatever a page lets one choose is in its address, so that it can be sent to others. */
import { createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { designer } from "./routes.designer";
import { platform } from "./routes.platform";
import { work } from "./routes.work";
import { type Everywhere, root, text } from "./shell/root";

export interface JobsSearch extends Everywhere {
  q?: string;
  status?: string;
  view?: "archived" | "all";
}

export interface RunSearch extends Everywhere {
  tab?: string;
  file?: string;
}

const jobs = createRoute({
  getParentRoute: () => root,
  path: "/jobs",
  validateSearch: (search: Record<string, unknown>): JobsSearch => ({
    q: text(search.q),
    status: text(search.status),
    view: search.view === "archived" || search.view === "all" ? search.view : undefined,
  }),
  component: lazyRouteComponent(() => import("./pages/jobs/JobsPage"), "JobsPage"),
});

const run = createRoute({
  getParentRoute: () => root,
  path: "/jobs/$name",
  validateSearch: (search: Record<string, unknown>): RunSearch => ({ tab: text(search.tab), file: text(search.file) }),
  component: lazyRouteComponent(() => import("./pages/run/RunPage"), "RunPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([jobs, run, ...work, ...designer, ...platform]),
  defaultPreload: "intent",
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
