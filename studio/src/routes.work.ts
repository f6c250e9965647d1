/** Addresses of the pages of daily work: home, comparing, pipelines, data. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { type Everywhere, root, text } from "./shell/root";

type Said = Record<string, unknown>;

export interface CompareSearch extends Everywhere {
  /** Names of jobs, with commas between them. */
  ids?: string;
  all?: boolean;
  tab?: string;
  /** Axes of the scatter. */
  x?: string;
  y?: string;
  /** The two whose code is compared, and the file. */
  left?: string;
  right?: string;
  file?: string;
}

export interface PairSearch extends Everywhere {
  a?: string;
  b?: string;
}

export interface ListSearch extends Everywhere {
  q?: string;
  /** One of the chips. */
  is?: string;
  view?: "archived";
}

export interface AssetSearch extends Everywhere {
  version?: string;
  tab?: string;
  /** The first row of a preview, or the file that is shown. */
  from?: number;
  file?: string;
}

export interface FolderSearch extends Everywhere {
  at?: string;
  file?: string;
}

const listed = (said: Said): ListSearch => ({
  q: text(said.q),
  is: text(said.is),
  view: said.view === "archived" ? "archived" : undefined,
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/home/HomePage"), "HomePage"),
});

const compare = createRoute({
  getParentRoute: () => root,
  path: "/compare",
  validateSearch: (said: Said): CompareSearch => ({
    ids: text(said.ids),
    all: said.all === true ? true : undefined,
    tab: text(said.tab),
    x: text(said.x),
    y: text(said.y),
    left: text(said.left),
    right: text(said.right),
    file: text(said.file),
  }),
  component: lazyRouteComponent(() => import("./pages/compare/ComparePage"), "ComparePage"),
});

const pipelines = createRoute({
  getParentRoute: () => root,
  path: "/pipelines",
  validateSearch: listed,
  component: lazyRouteComponent(() => import("./pages/pipelines/PipelinesPage"), "PipelinesPage"),
});

const pair = createRoute({
  getParentRoute: () => root,
  path: "/pipelines/compare",
  validateSearch: (said: Said): PairSearch => ({ a: text(said.a), b: text(said.b) }),
  component: lazyRouteComponent(() => import("./pages/pipelines/PairPage"), "PairPage"),
});

const data = createRoute({
  getParentRoute: () => root,
  path: "/data",
  validateSearch: listed,
  component: lazyRouteComponent(() => import("./pages/data/DataPage"), "DataPage"),
});

const asset = createRoute({
  getParentRoute: () => root,
  path: "/data/$name",
  validateSearch: (said: Said): AssetSearch => ({
    version: text(said.version),
    tab: text(said.tab),
    from: typeof said.from === "number" && said.from > 0 ? Math.floor(said.from) : undefined,
    file: text(said.file),
  }),
  component: lazyRouteComponent(() => import("./pages/data/AssetPage"), "AssetPage"),
});

const datastores = createRoute({
  getParentRoute: () => root,
  path: "/datastores",
  validateSearch: (): Everywhere => ({}),
  component: lazyRouteComponent(() => import("./pages/data/DatastoresPage"), "DatastoresPage"),
});

const datastore = createRoute({
  getParentRoute: () => root,
  path: "/datastores/$name",
  validateSearch: (said: Said): FolderSearch => ({ at: text(said.at), file: text(said.file) }),
  component: lazyRouteComponent(() => import("./pages/data/DatastorePage"), "DatastorePage"),
});

export const work = [home, compare, pipelines, pair, data, asset, datastores, datastore];
