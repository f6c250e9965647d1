/** A job's tags and what is said of it, changed. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { sendJson } from "../../api/client";
import { jobRoot, keys } from "../../api/jobs";
import { Dialog } from "../../kit/Dialog";
import { Refusal } from "../../kit/Said";
import type { TabProps } from "./RunPage";

export function TagDialog({ job, ws, onClose }: TabProps & { onClose: () => void }) {
  const [tags, setTags] = useState(() => Object.entries(job.spec.tags ?? {}));
  const [description, setDescription] = useState(job.spec.description ?? "");
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => {
      const kept = Object.fromEntries(tags.filter(([key]) => key.trim()));
      return sendJson("PUT", jobRoot(ws, job.name), { ...job.spec, tags: kept, description: description || undefined });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.job(ws, job.name) });
      onClose();
    },
  });
  const set = (at: number, side: 0 | 1, value: string) =>
    setTags(
      tags.map((tag, index): [string, string] => (index !== at ? tag : side ? [tag[0], value] : [value, tag[1]])),
    );
  return (
    <Dialog title={`Tags of ${job.name}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <label className="labelled">
          <span>Description</span>
          <textarea
            className="area"
            rows={2}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
        </label>
        {tags.map(([key, value], at) => (
          <div key={at} className="row">
            <span className="field grow">
              <input
                aria-label="Tag"
                placeholder="tag"
                value={key}
                onChange={(event) => set(at, 0, event.target.value)}
              />
            </span>
            <span className="field grow">
              <input
                aria-label={`Value of ${key}`}
                placeholder="value"
                value={value}
                onChange={(event) => set(at, 1, event.target.value)}
              />
            </span>
            <button
              type="button"
              className="button plain icon"
              aria-label={`Remove ${key}`}
              onClick={() => setTags(tags.filter((_, index) => index !== at))}
            >
              <X size={14} aria-hidden />
            </button>
          </div>
        ))}
        <div>
          <button type="button" className="button" onClick={() => setTags([...tags, ["", ""]])}>
            <Plus size={14} aria-hidden /> Add a tag
          </button>
        </div>
        {save.error && <Refusal error={save.error} />}
        <div className="row end">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button className="button primary" disabled={save.isPending}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}
