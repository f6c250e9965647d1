/** The workspace, and the way to another one. */
import { useNavigate } from "@tanstack/react-router";
import { Check, ChevronDown, Layers } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useWorkspaces } from "../api/jobs";
import { FIRST, useWorkspace } from "./workspace";

export function WorkspaceSwitch() {
  const ws = useWorkspace();
  const go = useNavigate();
  const found = useWorkspaces();
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="button plain" aria-label={`Workspace ${ws}`}>
        <Layers size={14} aria-hidden />
        {ws}
        <ChevronDown size={14} aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="start" sideOffset={4}>
          {found.data?.map(({ name }) => (
            <DropdownMenu.Item
              key={name}
              onSelect={() => void go({ to: "/jobs", search: { ws: name === FIRST ? undefined : name } })}
            >
              <Check size={14} aria-hidden style={{ visibility: name === ws ? "visible" : "hidden" }} />
              {name}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
