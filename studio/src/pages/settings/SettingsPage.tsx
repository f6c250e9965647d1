/** The workspace, who may do what in it, how much it may use, what it keeps secret, how these pages look, and what runs here. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Tabs } from "radix-ui";
import { Suspense } from "react";
import { useCan } from "../../api/people";
import { Skeleton } from "../../kit/Said";
import { part, type Part, useBrought } from "../../lib/part";
import { useWorkspace } from "../../shell/workspace";
import { Looks } from "./Looks";
import { Shortcuts } from "./Shortcuts";
import { Workspace } from "./Workspace";
import "../../resources/resources.css";

const PARTS: { id: string; title: string; Shown: Part<{ ws: string }>; isForOwners?: true }[] = [
  { id: "workspace", title: "Workspace", Shown: Workspace },
  {
    id: "connections",
    title: "Connections and secrets",
    Shown: part(() => import("./Connections"), "Connections"),
  },
  {
    id: "access",
    title: "People and tokens",
    Shown: part(() => import("./Access"), "Access"),
  },
  {
    id: "use",
    title: "Use and quotas",
    Shown: part(() => import("./Quotas"), "Quotas"),
  },
  {
    id: "audit",
    title: "Audit log",
    isForOwners: true,
    Shown: part(() => import("./Audit"), "Audit"),
  },
  { id: "looks", title: "Appearance", Shown: Looks },
  { id: "keys", title: "Shortcuts", Shown: Shortcuts },
  { id: "about", title: "About", Shown: part(() => import("./About"), "About") },
];

const SHOWN = PARTS.map(({ Shown }) => Shown);

export function SettingsPage() {
  useBrought(SHOWN);
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
