/** All keys, and what they do: `?`. */
import { Dialog } from "../kit/Dialog";
import { GO } from "./shortcuts";

const KEYS: [string[], string][] = [
  [["Ctrl", "K"], "Search or jump to anything"],
  [["/"], "Search in the list"],
  [["["], "Fold the navigation"],
  [["?"], "These keys"],
  [["↑", "↓", "Enter"], "Walk through a table, open a row"],
  [["Esc"], "Close what is open"],
];

export function Keys({ onClose }: { onClose: () => void }) {
  const all = [...KEYS, ...Object.entries(GO).map(([key, { title }]): [string[], string] => [["g", key], title])];
  return (
    <Dialog title="Keys" onClose={onClose}>
      <ul className="lines">
        {all.map(([keys, does]) => (
          <li key={does}>
            <span className="grow">{does}</span>
            {keys.map((key) => (
              <kbd key={key} style={{ marginLeft: 0 }}>
                {key}
              </kbd>
            ))}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
