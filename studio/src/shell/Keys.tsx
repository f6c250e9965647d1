/** All keys, and what they do: `?`. */
import { Dialog } from "../kit/Dialog";
import { KeyList } from "./KeyList";
import { KEYS } from "./keys";

export function Keys({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" isWide onClose={onClose}>
      <div className="key-groups">
        {KEYS.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <KeyList keys={keys} />
          </section>
        ))}
      </div>
    </Dialog>
  );
}
