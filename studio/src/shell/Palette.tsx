/** Ctrl K: pages, jobs by any part of their name, workspaces, and the theme, without the mouse. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import { Layers, ListChecks, SunMoon } from "lucide-react";
import { Dialog } from "radix-ui";
import { useState } from "react";
import { jobPage, useWorkspaces } from "../api/jobs";
import { StatusBadge } from "../kit/StatusBadge";
import { filterOf } from "../lib/filter";
import { useSettled, useTheme } from "../lib/hooks";
import { FIRST, useWorkspace } from "./workspace";

const MOST_JOBS = 8;

export function Palette({ onClose }: { onClose: () => void }) {
  const ws = useWorkspace();
  const go = useNavigate();
  const [, toggleTheme] = useTheme();
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState("");
  const asked = useSettled(typed, 150);
  const workspaces = useWorkspaces();
  const jobs = useQuery({
    queryKey: ["palette", ws, asked],
    queryFn: () => jobPage(ws, { filter: filterOf(asked) }, "", MOST_JOBS),
  });
  const then = (act: () => void) => () => {
    onClose();
    act();
  };
  const shown = jobs.data?.jobs ?? [];
  const isThere = chosen !== "" && (!chosen.startsWith("job ") || shown.some(({ name }) => chosen === `job ${name}`));
  const first = shown[0] ? `job ${shown[0].name}` : "";
  const fits = (words: string) => words.toLowerCase().includes(typed.toLowerCase());
  return (
    <Dialog.Root open onOpenChange={(is) => !is && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="palette" aria-describedby={undefined}>
          <Dialog.Title className="visually-hidden">Search or jump to</Dialog.Title>
          <Command
            shouldFilter={false}
            label="Search or jump to"
            value={isThere ? chosen : first}
            onValueChange={setChosen}
          >
            <Command.Input
              value={typed}
              onValueChange={(now) => {
                setTyped(now);
                setChosen("");
              }}
              placeholder="A job, a page, a workspace…"
            />
            <Command.List>
              <Command.Empty>Nothing is called that.</Command.Empty>
              {shown.length > 0 && (
                <Command.Group heading="Jobs">
                  {shown.map((job) => (
                    <Command.Item
                      key={job.name}
                      value={`job ${job.name}`}
                      onSelect={then(
                        () => void go({ to: "/jobs/$name", params: { name: job.name }, search: { ws: wsIn(ws) } }),
                      )}
                    >
                      <span className="grow ellipsis">{job.spec.display_name ?? job.name}</span>
                      <StatusBadge status={job.state.status} />
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
              <Command.Group heading="Pages and actions">
                {fits("jobs") && (
                  <Command.Item
                    value="page jobs"
                    onSelect={then(() => void go({ to: "/jobs", search: { ws: wsIn(ws) } }))}
                  >
                    <ListChecks size={14} aria-hidden /> Jobs
                  </Command.Item>
                )}
                {fits("change theme light dark") && (
                  <Command.Item value="theme" onSelect={then(toggleTheme)}>
                    <SunMoon size={14} aria-hidden /> Change theme
                  </Command.Item>
                )}
                {workspaces.data
                  ?.filter(({ name }) => fits(`workspace ${name}`))
                  .map(({ name }) => (
                    <Command.Item
                      key={name}
                      value={`workspace ${name}`}
                      onSelect={then(() => void go({ to: "/jobs", search: { ws: wsIn(name) } }))}
                    >
                      <Layers size={14} aria-hidden /> Workspace {name}
                    </Command.Item>
                  ))}
              </Command.Group>
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function wsIn(name: string): string | undefined {
  return name === FIRST ? undefined : name;
}
