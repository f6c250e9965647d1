/** The pipeline as its YAML, as `zaffre job create -f` takes it: to be copied, or changed here and drawn again. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fromYaml, toYaml } from "../../api/drafts";
import type { Drawing, Pipeline } from "../../graph/drawing";
import { CopyButton } from "../../kit/CopyButton";
import { Dialog } from "../../kit/Dialog";
import { Refusal, Refused, Skeleton } from "../../kit/Said";

interface Props {
  ws: string;
  drawing: Drawing;
  onChange: (to: (now: Drawing) => Drawing) => void;
  onClose: () => void;
}

export function YamlDialog({ ws, drawing, onChange, onClose }: Props) {
  const found = useQuery({
    queryKey: ["drafts", ws, "yaml", drawing.document],
    queryFn: () => toYaml(ws, drawing.document),
    gcTime: 0,
  });
  return (
    <Dialog
      title="The pipeline as YAML"
      about="Submit it with zaffre job create -f pipeline.yml."
      isWide
      onClose={onClose}
    >
      {found.isPending && <Skeleton />}
      {found.error && <Refused error={found.error} />}
      {found.data !== undefined && (
        <YamlForm
          ws={ws}
          initial={found.data}
          verb="Draw it"
          onRead={(document) => {
            onChange((now) => ({ ...now, document }));
            onClose();
          }}
        />
      )}
    </Dialog>
  );
}

interface FormProps {
  ws: string;
  initial: string;
  verb: string;
  onRead: (document: Pipeline) => void | Promise<void>;
}

/** YAML that the server reads; what is wrong with it is said with its line. */
export function YamlForm({ ws, initial, verb, onRead }: FormProps) {
  const [text, setText] = useState(initial);
  const [error, setError] = useState<Error>();
  const read = async () => {
    try {
      await onRead(await fromYaml(ws, text));
    } catch (wrong) {
      setError(wrong instanceof Error ? wrong : new Error(String(wrong)));
    }
  };
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        void read();
      }}
    >
      <label className="labelled">
        <span>pipeline.yml</span>
        <textarea
          className="area mono"
          rows={20}
          spellCheck={false}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      </label>
      {error && <Refusal error={error} />}
      <div className="row end">
        <CopyButton text={text} label="Copy" />
        <span className="grow" />
        <button className="button primary" disabled={text.trim() === "" || text === initial}>
          {verb}
        </button>
      </div>
    </form>
  );
}
