/** One thing: where it belongs, its name, what can be done with it, and its parts as tabs. */
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Check, ChevronDown } from "lucide-react";
import { DropdownMenu, Tabs } from "radix-ui";
import { type ReactNode, Suspense } from "react";
import { CopyButton } from "../kit/CopyButton";
import { Skeleton } from "../kit/Said";
import "./resources.css";

export interface Part {
  id: string;
  title: string;
  shown: ReactNode;
}

interface Props {
  /** The list that it belongs to. */
  list: { to: string; title: string; search?: Record<string, string> };
  name: string;
  title?: string;
  badges?: ReactNode;
  actions?: ReactNode;
  facts?: ReactNode[];
  /** Above the first part: what is wrong. */
  notice?: ReactNode;
  parts: (Part | null | false | undefined)[];
}

export function ResourcePage({ list, name, title, badges, actions, facts = [], notice, parts }: Props) {
  const { tab } = useSearch({ strict: false }) as { tab?: string };
  const go = useNavigate();
  const shown = parts.filter((part): part is Part => Boolean(part));
  const first = shown[0]?.id ?? "";
  const chosen = shown.find(({ id }) => id === tab)?.id ?? first;
  const choose = (id: string) =>
    void go({
      to: ".",
      search: (was: Record<string, unknown>) => ({ ...was, tab: id === first ? undefined : id, file: undefined }),
      replace: true,
    });
  return (
    <Tabs.Root value={chosen} onValueChange={choose} style={{ display: "contents" }}>
      <div className="thing-head">
        <div className="crumb quiet">
          <Link to={list.to} search={(was) => ({ ws: was.ws, ...list.search })}>
            {list.title}
          </Link>
        </div>
        <div className="row">
          <h1 className="ellipsis" title={title ?? name}>
            <bdi>{title ?? name}</bdi>
          </h1>
          {badges}
          <span className="grow" />
          {actions}
        </div>
        <div className="facts">
          <span className="row" style={{ gap: 0 }}>
            <code>{name}</code>
            <CopyButton text={name} />
          </span>
          {facts.filter(Boolean).map((fact, at) => (
            <span className="row" key={at}>
              {fact}
            </span>
          ))}
        </div>
        <Tabs.List className="tabs" aria-label="Parts">
          {shown.map(({ id, title: word }) => (
            <Tabs.Trigger key={id} value={id}>
              {word}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
      </div>
      <div className="thing-body">
        {chosen === first && notice}
        {shown.map((part) => (
          <Tabs.Content
            key={part.id}
            value={part.id}
            className="thing-part"
            style={part.id === chosen ? undefined : { display: "none" }}
          >
            <Suspense fallback={<Skeleton />}>{part.shown}</Suspense>
          </Tabs.Content>
        ))}
      </div>
    </Tabs.Root>
  );
}

/** The versions of an asset; the chosen one is in the address. */
export function VersionSwitch({ versions, shown }: { versions: string[]; shown: string }) {
  const go = useNavigate();
  const choose = (version: string) =>
    void go({
      to: ".",
      search: (was: Record<string, unknown>) => ({
        ...was,
        version: version === versions[0] ? undefined : version,
        file: undefined,
      }),
    });
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="button">
        Version {shown}
        {shown === versions[0] && versions.length > 1 && <span className="quiet small">latest</span>}
        <ChevronDown size={14} aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="start" sideOffset={4}>
          {versions.map((version, at) => (
            <DropdownMenu.Item key={version} onSelect={() => choose(version)}>
              <Check size={14} aria-hidden style={{ visibility: version === shown ? "visible" : "hidden" }} />
              {version}
              {at === 0 && <span className="quiet small">latest</span>}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
