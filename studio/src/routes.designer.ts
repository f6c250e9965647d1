/** Addresses of the Designer: its drafts, and one of them on the canvas. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { type Everywhere, root, text } from "./shell/root";

export interface DraftsSearch extends Everywhere {
  q?: string;
  /** A job to draw on. */
  from?: string;
  /** A component to begin with: `name:version`. */
  component?: string;
}

export interface CanvasSearch extends Everywhere {
  /** The submitted job whose steps the canvas shows; the newest one where none is said. */
  job?: string;
}

const drafts = createRoute({
  getParentRoute: () => root,
  path: "/designer",
  validateSearch: (said: Record<string, unknown>): DraftsSearch => ({
    q: text(said.q),
    from: text(said.from),
    component: text(said.component),
  }),
  component: lazyRouteComponent(() => import("./pages/designer/DraftsPage"), "DraftsPage"),
});

const canvas = createRoute({
  getParentRoute: () => root,
  path: "/designer/$name",
  validateSearch: (said: Record<string, unknown>): CanvasSearch => ({ job: text(said.job) }),
  component: lazyRouteComponent(() => import("./pages/designer/DesignerPage"), "DesignerPage"),
});

export const designer = [drafts, canvas];
