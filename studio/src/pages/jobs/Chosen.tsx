/** What can be done with several jobs at once. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Archive, ArchiveRestore, Ban, GitCompare } from "lucide-react";
import { useCallback } from "react";
import { sendJson } from "../../api/client";
import { jobRoot } from "../../api/jobs";
import { Act } from "../../kit/Act";
import { Refusal } from "../../kit/Said";
import { useKey } from "../../lib/hooks";

interface Props {
  ws: string;
  names: readonly string[];
  isArchived: boolean;
  onDone: () => void;
}

const MOST = 200;

export function Chosen({ ws, names, isArchived, onDone }: Props) {
  const client = useQueryClient();
  const go = useNavigate();
  const act = useMutation({
    mutationFn: async (verb: string) => {
      for (const name of names) await sendJson("POST", `${jobRoot(ws, name)}/${verb}`);
    },
    onSuccess: onDone,
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["jobs", ws] }),
        client.invalidateQueries({ queryKey: ["counts", ws] }),
      ]),
  });
  const compare = useCallback(() => {
    if (names.length < 2) return;
    const ids = names.slice(0, MOST).join(",");
    void go({ to: "/compare", search: (was: { ws?: string }) => ({ ws: was.ws, ids }) });
  }, [go, names]);
  useKey("c", compare);
  if (names.length === 0) return null;
  const Sign = isArchived ? ArchiveRestore : Archive;
  return (
    <span className="row">
      <button className="button primary" disabled={names.length < 2} onClick={compare} title="Compare (c)">
        <GitCompare size={14} aria-hidden /> Compare {names.length}
      </button>
      <Act className="button" disabled={act.isPending} onClick={() => act.mutate("cancel")}>
        <Ban size={14} aria-hidden /> Cancel
      </Act>
      <Act className="button" disabled={act.isPending} onClick={() => act.mutate(isArchived ? "restore" : "archive")}>
        <Sign size={14} aria-hidden /> {isArchived ? "Restore" : "Archive"}
      </Act>
      <button className="button plain" onClick={onDone}>
        Clear
      </button>
      {act.error && <Refusal error={act.error} />}
    </span>
  );
}
