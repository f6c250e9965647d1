/** Addresses and what they show. Whatever a page lets one choose is in its address, so that it can be sent to others. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  retainSearchParams,
} from "@tanstack/react-router";
import { Empty, Refused } from "./kit/Said";
import { Shell } from "./shell/Shell";

export interface Everywhere {
  /** The workspace; left out where it is the first one. */
  ws?: string;
}

export interface JobsSearch extends Everywhere {
  q?: string;
  status?: string;
  view?: "archived" | "all";
}

export interface RunSearch extends Everywhere {
  tab?: string;
  file?: string;
}

/** A search parameter as text, whatever the address made of it; nothing where it is empty. */
const text = (value: unknown) => (value === undefined || value === null || value === "" ? undefined : String(value));

const root = createRootRoute({
  component: Shell,
  validateSearch: (search: Record<string, unknown>): Everywhere => ({ ws: text(search.ws) }),
  search: { middlewares: [retainSearchParams<Everywhere>(["ws"])] },
  notFoundComponent: () => <Empty title="There is no such page" />,
  errorComponent: ({ error }) => (
    <Refused error={error instanceof Error ? error : new Error(String(error))} retry={() => location.reload()} />
  ),
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/jobs", replace: true });
  },
});

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

export const router = createRouter({ routeTree: root.addChildren([home, jobs, run]), defaultPreload: "intent" });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
