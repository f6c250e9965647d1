/** Columns and small parts that lists and pages of several kinds have. */
import { actor } from "../lib/format";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Resource } from "../api/resources";
import { Tags } from "../kit/Card";
import type { Column } from "../kit/DataTable";
import { Ago } from "../pages/jobs/columns";

type At = "/models/$name" | "/components/$name" | "/environments/$name" | "/compute/$name" | "/schedules/$name";

export function named<T extends Resource>(to: At, titleOf?: (item: T) => string | undefined): Column<T> {
  return {
    id: "name",
    header: "Name",
    width: "minmax(200px, 2fr)",
    cell: (item) => {
      const title = titleOf?.(item);
      return (
        <span title={item.name}>
          <Link to={to} params={{ name: item.name }} search={(was) => ({ ws: was.ws })}>
            <bdi>{title || item.name}</bdi>
          </Link>
          {title && title !== item.name && <span className="quiet small"> {item.name}</span>}
        </span>
      );
    },
  };
}

export function created<T extends Resource>(): Column<T> {
  return { id: "created", header: "Created", width: "108px", cell: (item) => <Ago iso={item.system.created_at} /> };
}

export function by<T extends Resource>(): Column<T> {
  return { id: "by", header: "By", width: "112px", cell: (item) => actor(item.system.created_by) };
}

export function version<T extends Resource>(): Column<T> {
  return { id: "version", header: "Version", width: "84px", cell: (item) => item.version ?? "" };
}

export function tags<T extends Resource>(): Column<T> {
  return {
    id: "tags",
    header: "Tags",
    width: "minmax(90px, 1fr)",
    cell: ({ spec }) => <Tags of={spec.tags as Record<string, unknown> | undefined} />,
  };
}

export function said(spec: Record<string, unknown>, field: string): string {
  const value = spec[field];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** A job by its name, as a link. */
export function JobLink({ name, children }: { name: string; children?: ReactNode }) {
  return (
    <Link to="/jobs/$name" params={{ name }} search={(was) => ({ ws: was.ws })}>
      <bdi>{children ?? name}</bdi>
    </Link>
  );
}
