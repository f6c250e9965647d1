/** Markdown, shown as it is meant. */
import { useMemo } from "react";
import { Read, type Viewed } from "./Read";
import { safeMarkdown } from "./safe";

const MOST = 1024 * 1024;

export function MarkdownView(viewed: Viewed) {
  return (
    <Read {...viewed} most={MOST}>
      {(text) => <Markdown text={text} />}
    </Read>
  );
}

export function Markdown({ text }: { text: string }) {
  const html = useMemo(() => safeMarkdown(text), [text]);
  // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
  return <div className="prose text" tabIndex={0} dangerouslySetInnerHTML={{ __html: html }} />;
}
