/** Asked before something goes for good: it names what goes, and wants that name typed where others may need it. */
import { useState } from "react";
import { Dialog } from "./Dialog";
import { Refusal } from "./Said";

interface Props {
  title: string;
  about: string;
  /** What has to be typed, for things that others may use. */
  typed?: string;
  verb: string;
  error: Error | null;
  isBusy: boolean;
  onClose: () => void;
  onDo: () => void;
}

export function Confirm({ title, about, typed, verb, error, isBusy, onClose, onDo }: Props) {
  const [said, setSaid] = useState("");
  return (
    <Dialog title={title} about={about} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          onDo();
        }}
      >
        {typed && (
          <label className="labelled">
            <span>
              Type <code>{typed}</code> to go on
            </span>
            <span className="field">
              <input value={said} autoComplete="off" onChange={(event) => setSaid(event.target.value)} />
            </span>
          </label>
        )}
        {error && <Refusal error={error} />}
        <div className="row end">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button className="button danger" disabled={isBusy || (typed !== undefined && said !== typed)}>
            {verb}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
