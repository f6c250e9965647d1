/** Copies a text, and says that it did. */
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";

export function CopyButton({ text, label }: { text: string; label?: string }) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 1500);
    return () => clearTimeout(timer);
  }, [done]);
  const Icon = done ? Check : Copy;
  const copy = () => void navigator.clipboard.writeText(text).then(() => setDone(true));
  return (
    <button
      className={`button plain${label ? "" : " icon"}`}
      aria-label={label ? undefined : "Copy"}
      title={done ? "Copied" : "Copy"}
      onClick={copy}
    >
      <Icon size={14} aria-hidden />
      {label && (done ? "Copied" : label)}
    </button>
  );
}
