/** The pages of models, endpoints, components, environments, compute, schedules and settings. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { type Everywhere, root, text } from "./shell/root";

interface ListSearch extends Everywhere {
  q?: string;
  is?: string;
  view?: "archived";
}

interface ThingSearch extends Everywhere {
  tab?: string;
  version?: string;
  file?: string;
}

const listSearch = (search: Record<string, unknown>): ListSearch => ({
  q: text(search.q),
  is: text(search.is),
  view: search.view === "archived" ? "archived" : undefined,
});

const thingSearch = (search: Record<string, unknown>): ThingSearch => ({
  tab: text(search.tab),
  version: text(search.version),
  file: text(search.file),
});

const models = createRoute({
  getParentRoute: () => root,
  path: "/models",
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import("./pages/models/ModelsPage"), "ModelsPage"),
});

const model = createRoute({
  getParentRoute: () => root,
  path: "/models/$name",
  validateSearch: thingSearch,
  component: lazyRouteComponent(() => import("./pages/models/ModelPage"), "ModelPage"),
});

const endpoints = createRoute({
  getParentRoute: () => root,
  path: "/endpoints",
  validateSearch: (search: Record<string, unknown>): ListSearch & { sort?: "batch" } => ({
    ...listSearch(search),
    sort: search.sort === "batch" ? "batch" : undefined,
  }),
  component: lazyRouteComponent(() => import("./pages/endpoints/EndpointsPage"), "EndpointsPage"),
});

const endpoint = createRoute({
  getParentRoute: () => root,
  path: "/endpoints/$name",
  validateSearch: (search: Record<string, unknown>): ThingSearch & { sort?: "batch" } => ({
    ...thingSearch(search),
    sort: search.sort === "batch" ? "batch" : undefined,
  }),
  component: lazyRouteComponent(() => import("./pages/endpoints/EndpointPage"), "EndpointPage"),
});

const components = createRoute({
  getParentRoute: () => root,
  path: "/components",
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import("./pages/components/ComponentsPage"), "ComponentsPage"),
});

const component = createRoute({
  getParentRoute: () => root,
  path: "/components/$name",
  validateSearch: thingSearch,
  component: lazyRouteComponent(() => import("./pages/components/ComponentPage"), "ComponentPage"),
});

const environments = createRoute({
  getParentRoute: () => root,
  path: "/environments",
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import("./pages/environments/EnvironmentsPage"), "EnvironmentsPage"),
});

const environment = createRoute({
  getParentRoute: () => root,
  path: "/environments/$name",
  validateSearch: thingSearch,
  component: lazyRouteComponent(() => import("./pages/environments/EnvironmentPage"), "EnvironmentPage"),
});

const computes = createRoute({
  getParentRoute: () => root,
  path: "/compute",
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import("./pages/compute/ComputesPage"), "ComputesPage"),
});

const compute = createRoute({
  getParentRoute: () => root,
  path: "/compute/$name",
  validateSearch: thingSearch,
  component: lazyRouteComponent(() => import("./pages/compute/ComputePage"), "ComputePage"),
});

const schedules = createRoute({
  getParentRoute: () => root,
  path: "/schedules",
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import("./pages/schedules/SchedulesPage"), "SchedulesPage"),
});

const schedule = createRoute({
  getParentRoute: () => root,
  path: "/schedules/$name",
  validateSearch: thingSearch,
  component: lazyRouteComponent(() => import("./pages/schedules/SchedulePage"), "SchedulePage"),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  validateSearch: thingSearch,
  component: lazyRouteComponent(() => import("./pages/settings/SettingsPage"), "SettingsPage"),
});

export const platform = [
  models,
  model,
  endpoints,
  endpoint,
  components,
  component,
  environments,
  environment,
  computes,
  compute,
  schedules,
  schedule,
  settings,
] as const;
