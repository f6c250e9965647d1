/** What a page or a form does, as a command, as Python and as YAML: looked at, then copied. */
import { Code } from "lucide-react";
import { Tabs } from "radix-ui";
import { useState } from "react";
import { CopyButton } from "../kit/CopyButton";
import { Dialog } from "../kit/Dialog";
import type { Spelt } from "./kinds";

export type Ways = Partial<Spelt> & Record<string, string | undefined>;

const TITLES: Record<string, string> = { cli: "Command line", python: "Python", yaml: "YAML", curl: "curl" };

export function CopyAs({ ways, label = "Copy as…" }: { ways: () => Ways; label?: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen(true)}>
        <Code size={14} aria-hidden /> {label}
      </button>
      {isOpen && (
        <Dialog title="The same, written" isWide onClose={() => setOpen(false)}>
          <Snippets ways={ways()} />
        </Dialog>
      )}
    </>
  );
}

export function Snippets({ ways }: { ways: Ways }) {
  const shown = Object.entries(ways).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return (
    <Tabs.Root defaultValue={shown[0]?.[0]} className="snippets">
      <div className="row">
        <Tabs.List className="tabs grow" aria-label="Ways to write it">
          {shown.map(([id]) => (
            <Tabs.Trigger key={id} value={id}>
              {TITLES[id] ?? id}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
      </div>
      {shown.map(([id, text]) => (
        <Tabs.Content key={id} value={id}>
          <div className="snippet">
            <CopyButton text={text} label="Copy" />
            {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
            <pre tabIndex={0}>{text}</pre>
          </div>
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}
