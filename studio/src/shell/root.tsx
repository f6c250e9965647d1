/** The route above all others: the shell, the workspace in the address, and what is shown where there is no page. */
import { createRootRoute, Link, retainSearchParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { getJson } from "../api/client";
import { Refused } from "../kit/Said";
import { Shell } from "./Shell";

export interface Everywhere {
  /** The workspace; left out where it is the first one. */
  ws?: string;
}

/** A search parameter as text, whatever the address made of it; nothing where it is empty. */
export const text = (value: unknown) =>
  value === undefined || value === null || value === "" ? undefined : String(value);

export const root = createRootRoute({
  component: Shell,
  validateSearch: (search: Record<string, unknown>): Everywhere => ({ ws: text(search.ws) }),
  search: { middlewares: [retainSearchParams<Everywhere>(["ws"])] },
  notFoundComponent: Nowhere,
  errorComponent: Broken,
});

/** Where the session is over, a part of the page that had still to be brought does not come: that leads to the log-in. */
function Broken({ error }: { error: unknown }) {
  useEffect(() => void getJson("/api/v1/me").catch(() => undefined), []);
  return <Refused error={error instanceof Error ? error : new Error(String(error))} retry={() => location.reload()} />;
}

function Nowhere() {
  return (
    <div className="said">
      <h1>There is no such page</h1>
      <p>What it showed may have been deleted, or lies in another workspace.</p>
      <div className="row">
        <Link className="button" to="/">
          Home
        </Link>
        <Link className="button" to="/jobs">
          Jobs
        </Link>
      </div>
    </div>
  );
}
