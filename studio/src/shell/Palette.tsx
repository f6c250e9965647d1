/** Ctrl K: pages, and everything that has a name, by any part of it; workspaces, the theme; without the mouse. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import { Keyboard, Layers, SunMoon } from "lucide-react";
import { Dialog } from "radix-ui";
import { type ReactNode, useState } from "react";
import { jobPage, useWorkspaces } from "../api/jobs";
import { StatusBadge } from "../kit/StatusBadge";
import { filterOf } from "../lib/filter";
import { useSettled, useTheme } from "../lib/hooks";
import { useFound } from "./found";
import { NAV } from "./nav";
import { FIRST, useWorkspace } from "./workspace";

const MOST_JOBS = 8;

interface Props {
  onClose: () => void;
  onKeys: () => void;
}

export function Palette({ onClose, onKeys }: Props) {
  const ws = useWorkspace();
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState("");
  const asked = useSettled(typed, 150);
  const jobs = useQuery({
    queryKey: ["palette", ws, asked],
    queryFn: () => jobPage(ws, { filter: filterOf(asked) }, "", MOST_JOBS),
  });
  const found = useFound(ws, asked);
  const pages = usePages(typed, ws, onClose);
  const actions = useActions(typed, onClose, onKeys);
  const then = useThen(onClose);
  const go = useNavigate();
  const shown = jobs.data?.jobs ?? [];
  const groups: Group[] = [
    {
      title: "Jobs",
      items: shown.map((job) => ({
        id: `job ${job.name}`,
        act: then(() => void go({ to: "/jobs/$name", params: { name: job.name }, search: { ws: wsIn(ws) } })),
        shown: (
          <>
            <bdi className="grow ellipsis">{job.spec.display_name ?? job.name}</bdi>
            <StatusBadge status={job.state.status} />
          </>
        ),
      })),
    },
    ...[...found].map(([title, things]) => ({
      title,
      items: things.map(({ kind, name, to }) => ({
        id: `${kind} ${name}`,
        act: then(() => void go({ to, params: { name } as never, search: { ws: wsIn(ws) } as never })),
        shown: <bdi className="grow ellipsis">{name}</bdi>,
      })),
    })),
    { title: "Pages", items: pages },
    { title: "Actions", items: actions },
  ];
  const ordered = typed && pages.length ? [groups.at(-2), ...groups.slice(0, -2), groups.at(-1)] : groups;
  const filled = ordered.filter((group): group is Group => group !== undefined && group.items.length > 0);
  const ids = filled.flatMap(({ items }) => items.map(({ id }) => id));
  return (
    <Dialog.Root open onOpenChange={(is) => !is && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="palette" aria-describedby={undefined}>
          <Dialog.Title className="visually-hidden">Search or jump to</Dialog.Title>
          <Command
            shouldFilter={false}
            label="Search or jump to"
            value={ids.includes(chosen) ? chosen : (ids[0] ?? "")}
            onValueChange={setChosen}
          >
            <Command.Input
              value={typed}
              onValueChange={(now) => {
                setTyped(now);
                setChosen("");
              }}
              placeholder="A job, a model, data, a page, a workspace…"
            />
            <Command.List>
              <Command.Empty>Nothing is called that.</Command.Empty>
              {filled.map(({ title, items }) => (
                <Command.Group key={title} heading={title}>
                  {items.map((item) => (
                    <Command.Item key={item.id} value={item.id} onSelect={item.act}>
                      {item.shown}
                    </Command.Item>
                  ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface Item {
  id: string;
  act: () => void;
  shown: ReactNode;
}

interface Group {
  title: string;
  items: Item[];
}

const useThen = (onClose: () => void) => (act: () => void) => () => {
  onClose();
  act();
};

function usePages(typed: string, ws: string, onClose: () => void): Item[] {
  const go = useNavigate();
  const then = useThen(onClose);
  const fits = (words: string) => words.toLowerCase().includes(typed.trim().toLowerCase());
  return NAV.flatMap(({ entries }) => entries)
    .filter(({ title, words = "" }) => fits(`${title} ${words}`))
    .map(({ to, title, Icon }) => ({
      id: `page ${to}`,
      act: then(() => void go({ to, search: { ws: wsIn(ws) } as never })),
      shown: (
        <>
          <Icon size={14} aria-hidden /> {title}
        </>
      ),
    }));
}

function useActions(typed: string, onClose: () => void, onKeys: () => void): Item[] {
  const go = useNavigate();
  const [, toggleTheme] = useTheme();
  const workspaces = useWorkspaces();
  const then = useThen(onClose);
  const all: (Item & { words: string })[] = [
    {
      id: "theme",
      words: "change theme light dark",
      act: then(toggleTheme),
      shown: (
        <>
          <SunMoon size={14} aria-hidden /> Change theme
        </>
      ),
    },
    {
      id: "keys",
      words: "keyboard shortcuts keys help",
      act: then(onKeys),
      shown: (
        <>
          <Keyboard size={14} aria-hidden /> Keys
        </>
      ),
    },
    ...(workspaces.data ?? []).map(({ name }) => ({
      id: `workspace ${name}`,
      words: `workspace ${name}`,
      act: then(() => void go({ to: "/", search: { ws: wsIn(name) } })),
      shown: (
        <>
          <Layers size={14} aria-hidden /> Workspace <bdi>{name}</bdi>
        </>
      ),
    })),
  ];
  return all.filter(({ words }) => words.toLowerCase().includes(typed.trim().toLowerCase()));
}

function wsIn(name: string): string | undefined {
  return name === FIRST ? undefined : name;
}
