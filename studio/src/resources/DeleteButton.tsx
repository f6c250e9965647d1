/** A thing deleted for good, once its name was typed; then the list that it belonged to. */
import { useNavigate } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useChange } from "../api/resources";
import { Act } from "../kit/Act";
import { Confirm } from "../kit/Confirm";

interface Props {
  ws: string;
  /** Of its address below the workspace. */
  parts: string[];
  label: string;
  title: string;
  about: string;
  typed: string;
  list: { to: string; search?: Record<string, string> };
}

export function DeleteButton({ ws, parts, label, title, about, typed, list }: Props) {
  const change = useChange(ws);
  const go = useNavigate();
  const [isAsking, setAsking] = useState(false);
  const gone = () => void go({ to: list.to, search: (was) => ({ ws: was.ws, ...list.search }) });
  return (
    <>
      <Act
        needs="delete"
        className="button plain icon"
        aria-label={label}
        title={label}
        onClick={() => setAsking(true)}
      >
        <Trash2 size={14} aria-hidden />
      </Act>
      {isAsking && (
        <Confirm
          title={title}
          about={about}
          typed={typed}
          verb="Delete"
          error={change.error}
          isBusy={change.isPending}
          onClose={() => setAsking(false)}
          onDo={() => change.mutate({ method: "DELETE", parts }, { onSuccess: gone })}
        />
      )}
    </>
  );
}
