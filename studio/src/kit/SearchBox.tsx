/** The search of a list: typed at once, told once it has settled; `/` goes there. */
import { Search } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { useKey, useSettled } from "../lib/hooks";

interface Props {
  label: string;
  value: string;
  placeholder: string;
  /** Stable. */
  onChange: (typed: string) => void;
}

export function SearchBox({ label, value, placeholder, onChange }: Props) {
  const box = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value);
  const settled = useSettled(typed);
  const told = useRef(value);
  useEffect(() => {
    if (settled === told.current) return;
    told.current = settled;
    onChange(settled);
  }, [settled, onChange]);
  useEffect(() => {
    if (value === told.current) return; // what we told ourselves; else the address changed: back, forward, a link
    told.current = value;
    setTyped(value);
  }, [value]);
  useKey(
    "/",
    useCallback(() => box.current?.focus(), []),
  );
  return (
    <label className="field grow" style={{ maxWidth: 420 }}>
      <Search size={14} aria-hidden />
      <span className="visually-hidden">{label}</span>
      <input
        ref={box}
        type="search"
        value={typed}
        placeholder={placeholder}
        onChange={(event) => setTyped(event.target.value)}
      />
      <kbd>/</kbd>
    </label>
  );
}
