/** A cron line written part by part, with the next five times it would be due, as the server reads it. */
import { useTimes } from "../../api/schedules";
import { useSettled } from "../../lib/hooks";
import { exact } from "../../lib/format";
import { lineOf, PARTS, partsOf, USUAL } from "./cron";

interface Props {
  ws: string;
  line: string;
  zone: string;
  onChange: (line: string) => void;
}

export function CronEditor({ ws, line, zone, onChange }: Props) {
  const parts = partsOf(line);
  const asked = useSettled(line, 250);
  const times = useTimes(ws, {
    type: "cron",
    expression: asked,
    start_time: NOW,
    ...(zone ? { time_zone: zone } : {}),
  });
  return (
    <fieldset className="cron">
      <legend>When</legend>
      <div className="row" style={{ flexWrap: "wrap" }}>
        {USUAL.map(([usual, words]) => (
          <button
            key={usual}
            type="button"
            className="chip"
            aria-pressed={line === usual}
            onClick={() => onChange(usual)}
          >
            {words}
          </button>
        ))}
      </div>
      <div className="cron-parts">
        {PARTS.map((part, at) => (
          <label key={part} className="labelled">
            <span>{part}</span>
            <span className="field">
              <input
                className="mono"
                value={parts[at]}
                onChange={(event) =>
                  onChange(lineOf(parts.map((was, place) => (place === at ? event.target.value : was))))
                }
              />
            </span>
          </label>
        ))}
      </div>
      {times.error ? (
        <p className="wrong small" role="alert">
          {times.error.message}
        </p>
      ) : (
        <div className="small" aria-live="polite">
          <p className="quiet">The next five times, by this computer’s clock</p>
          <ol className="times number">
            {times.data?.value.map((time) => (
              <li key={time}>{exact(time)}</li>
            ))}
          </ol>
        </div>
      )}
    </fieldset>
  );
}

/** A start in the past: without one, a trigger is due at once, too. */
const NOW = "2020-01-01T00:00:00";
