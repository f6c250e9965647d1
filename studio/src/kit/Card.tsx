/** A part of a page with its title, and pairs of a word and what it stands for. */
import type { ReactNode } from "react";

interface Props {
  title?: string;
  action?: ReactNode;
  children: ReactNode;
}

export function Card({ title, action, children }: Props) {
  return (
    <section className="card">
      {title && (
        <header>
          <h3 className="grow">{title}</h3>
          {action}
        </header>
      )}
      <div className="inside">{children}</div>
    </section>
  );
}

/** Pairs whose second part is nothing are left out. */
export function Pairs({ of }: { of: [string, ReactNode][] }) {
  const shown = of.filter(([, value]) => value !== undefined && value !== null && value !== "");
  if (shown.length === 0) return <p className="quiet">Nothing is said.</p>;
  return (
    <dl className="pairs">
      {shown.map(([name, value]) => (
        <div key={name} style={{ display: "contents" }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Tags({ of }: { of: Record<string, unknown> | null | undefined }) {
  const found = Object.entries(of ?? {});
  if (found.length === 0) return null;
  return (
    <span className="tags">
      {found.map(([key, value]) => (
        <span className="tag" key={key}>
          <bdi>{key}</bdi>
          {value !== "" && (
            <>
              : <bdi>{String(value)}</bdi>
            </>
          )}
        </span>
      ))}
    </span>
  );
}
