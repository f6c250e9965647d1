/** What can be done with a job: stop it, run it again, keep its model, tag it, put it away, write it down. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Archive, ArchiveRestore, Ban, Boxes, Ellipsis, GitCompare, PencilRuler, RotateCcw, Tag } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import { sendJson } from "../../api/client";
import { cancelJob, FINAL, type Job, jobRoot, keys } from "../../api/jobs";
import { useMay } from "../../api/people";
import { Act } from "../../kit/Act";
import { Refusal } from "../../kit/Said";
import { CopyAs } from "../../resources/CopyAs";
import { KINDS, spelt } from "../../resources/kinds";
import { documentOf, nameAgain } from "./again";
import { RegisterDialog } from "./RegisterDialog";
import type { TabProps } from "./RunPage";
import { TagDialog } from "./TagDialog";

type Asked = "tag" | "register";

export function Actions({ job, ws }: TabProps) {
  const [asked, setAsked] = useState<Asked>();
  const { cancel, again, archive } = useActs(job, ws);
  const error = cancel.error ?? again.error ?? archive.error;
  const isOver = FINAL.includes(job.state.status);
  return (
    <>
      {error && <Refusal error={error} />}
      {!isOver && (
        <Act
          className="button"
          disabled={cancel.isPending || job.state.status === "CancelRequested"}
          onClick={() => cancel.mutate()}
        >
          <Ban size={14} aria-hidden /> Cancel job
        </Act>
      )}
      {isOver && (
        <Act className="button" disabled={again.isPending} onClick={() => again.mutate()}>
          <RotateCcw size={14} aria-hidden /> Run again
        </Act>
      )}
      <CopyAs ways={() => ({ ...spelt(KINDS.job, documentOf(job.spec), ws) })} />
      <More job={job} onAsk={setAsked} onArchive={() => archive.mutate()} />
      {asked === "tag" && <TagDialog job={job} ws={ws} onClose={() => setAsked(undefined)} />}
      {asked === "register" && <RegisterDialog job={job} ws={ws} onClose={() => setAsked(undefined)} />}
    </>
  );
}

interface MoreProps {
  job: Job;
  onAsk: (what: Asked) => void;
  onArchive: () => void;
}

function More({ job, onAsk, onArchive }: MoreProps) {
  const Sign = job.system.archived ? ArchiveRestore : Archive;
  const why = useMay("write");
  const may = { disabled: Boolean(why), title: why };
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="button icon" aria-label="More actions">
        <Ellipsis size={16} aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4}>
          {FINAL.includes(job.state.status) && (
            <DropdownMenu.Item {...may} onSelect={() => onAsk("register")}>
              <Boxes size={14} aria-hidden /> Register a model
            </DropdownMenu.Item>
          )}
          <DropdownMenu.Item {...may} onSelect={() => onAsk("tag")}>
            <Tag size={14} aria-hidden /> Tags and description
          </DropdownMenu.Item>
          {job.spec.type === "pipeline" && (
            <DropdownMenu.Item asChild>
              <Link to="/designer" search={(was) => ({ ws: was.ws, from: job.name })}>
                <PencilRuler size={14} aria-hidden /> Clone to a draft
              </Link>
            </DropdownMenu.Item>
          )}
          <DropdownMenu.Item asChild>
            <Link to="/compare" search={(was) => ({ ws: was.ws, ids: job.name })}>
              <GitCompare size={14} aria-hidden /> Compare with…
            </Link>
          </DropdownMenu.Item>
          <DropdownMenu.Item {...may} onSelect={onArchive}>
            <Sign size={14} aria-hidden /> {job.system.archived ? "Restore" : "Archive"}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function useActs(job: Job, ws: string) {
  const client = useQueryClient();
  const go = useNavigate({ from: "/jobs/$name" });
  const onSettled = () => client.invalidateQueries({ queryKey: keys.job(ws, job.name) });
  const cancel = useMutation({ mutationFn: () => cancelJob(ws, job.name), onSettled });
  const archive = useMutation({
    mutationFn: () => sendJson("POST", `${jobRoot(ws, job.name)}/${job.system.archived ? "restore" : "archive"}`),
    onSettled,
  });
  const again = useMutation({
    mutationFn: async () => {
      const name = nameAgain(job.name, Math.random());
      await sendJson("PUT", jobRoot(ws, name), documentOf(job.spec));
      return name;
    },
    onSuccess: (name) => go({ to: "/jobs/$name", params: { name }, search: (was) => ({ ws: was.ws }) }),
  });
  return { cancel, archive, again };
}
