/** Keys, each with what it does. */
import type { Keys } from "./keys";

export function KeyList({ keys: all }: { keys: Keys["keys"] }) {
  return (
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
  );
}
