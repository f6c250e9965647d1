/** The workspace, who may do what in it, how much it may use, what it keeps secret, how these pages look, and what runs here. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Tabs } from "radix-ui";
import { type ComponentType, lazy, type LazyExoticComponent, Suspense } from "react";
import { useCan } from "../../api/people";
import { Skeleton } from "../../kit/Said";
import { useWorkspace } from "../../shell/workspace";
import { Looks } from "./Looks";
import { Shortcuts } from "./Shortcuts";
import { Workspace } from "./Workspace";
import "../../resources/resources.css";

type Part = ComponentType<{ ws: string }> | LazyExoticComponent<ComponentType<{ ws: string }>>;

const PARTS: { id: string; title: string; Shown: Part; isForOwners?: true }[] = [
  { id: "workspace", title: "Workspace", Shown: Workspace },
  {
    id: "connections",
    title: "Connections and secrets",
    Shown: lazy(() => import("./Connections").then((found) => ({ default: found.Connections }))),
  },
  {
    id: "access",
    title: "People and tokens",
    Shown: lazy(() => import("./Access").then((found) => ({ default: found.Access }))),
  },
  {
    id: "use",
    title: "Use and quotas",
    Shown: lazy(() => import("./Quotas").then((found) => ({ default: found.Quotas }))),
  },
  {
    id: "audit",
    title: "Audit log",
    isForOwners: true,
    Shown: lazy(() => import("./Audit").then((found) => ({ default: found.Audit }))),
  },
  { id: "looks", title: "Appearance", Shown: Looks },
  { id: "keys", title: "Shortcuts", Shown: Shortcuts },
  { id: "about", title: "About", Shown: lazy(() => import("./About").then((found) => ({ default: found.About }))) },
];

export function SettingsPage() {
  const ws = useWorkspace();
  const { tab } = useSearch({ from: "/settings" });
  const go = useNavigate({ from: "/settings" });
  const mayManage = useCan("manage");
  const parts = PARTS.filter(({ isForOwners }) => mayManage || !isForOwners);
  const chosen = parts.find(({ id }) => id === tab)?.id ?? "workspace";
  return (
    <Tabs.Root
      value={chosen}
      onValueChange={(id) =>
        void go({ search: (was) => ({ ws: was.ws, tab: id === "workspace" ? undefined : id }), replace: true })
      }
      style={{ display: "contents" }}
    >
      <div className="thing-head">
        <h1>Settings</h1>
        <Tabs.List className="tabs" aria-label="Settings">
          {parts.map(({ id, title }) => (
            <Tabs.Trigger key={id} value={id}>
              {title}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
      </div>
      <div className="thing-body">
        {parts.map(({ id, Shown }) => (
          <Tabs.Content
            key={id}
            value={id}
            className="thing-part"
            style={id === chosen ? undefined : { display: "none" }}
          >
            <Suspense fallback={<Skeleton />}>
              <Shown ws={ws} />
            </Suspense>
          </Tabs.Content>
        ))}
      </div>
    </Tabs.Root>
  );
}
