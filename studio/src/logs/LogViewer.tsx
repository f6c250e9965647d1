/** A log of any length: follows its end until one scrolls up, shows colours, finds text and what went wrong. */
import { useVirtualizer } from "@tanstack/react-virtual";
import Anser from "anser";
import { ArrowDownToLine, Download, TriangleAlert } from "lucide-react";
import { memo, type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { isWrong, nextWith, nextWrong } from "./lines";
import { type Followed, useLog } from "./useLog";

const LINE = 20;
const NEAR_END = 40;

export function LogViewer({ url }: { url: string }) {
  return <LogLines log={useLog(url)} url={url} />;
}

/** A log however it came; `url` is where it can be downloaded. */
export function LogLines({ log, url }: { log: Followed; url: string }) {
  const { whole, isTail = false } = log;
  const box = useRef<HTMLDivElement>(null);
  const [isFollowing, setFollowing] = useState(true);
  const [at, setAt] = useState(-1);
  const virtual = useVirtualizer({
    count: whole.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE,
    overscan: 20,
  });
  useEffect(() => {
    if (isFollowing && whole.length) virtual.scrollToIndex(whole.length - 1, { align: "end" });
  }, [isFollowing, whole.length, virtual]);

  useKeptPlace(box, whole.length, isTail);

  const show = (line: number) => {
    if (line < 0) return;
    setFollowing(false);
    setAt(line);
    virtual.scrollToIndex(line, { align: "center" });
  };
  const scrolled = () => {
    const here = box.current;
    if (here) setFollowing(here.scrollHeight - here.scrollTop - here.clientHeight < NEAR_END);
  };
  return (
    <>
      <Bar log={log} at={at} url={url} isFollowing={isFollowing} onFollow={setFollowing} onShow={show} />
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <div ref={box} className="log" role="log" aria-label="Log" tabIndex={0} onScroll={scrolled} aria-live="off">
        <div style={{ position: "relative", height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => (
            <Line
              key={item.key}
              text={whole[item.index] ?? ""}
              number={isTail ? undefined : item.index + 1}
              top={item.start}
              isFound={item.index === at}
            />
          ))}
        </div>
      </div>
    </>
  );
}

/** What one reads stays where it is when the lines before it come. */
function useKeptPlace(box: RefObject<HTMLDivElement | null>, count: number, isTail: boolean): void {
  const before = useRef({ count, isTail });
  useLayoutEffect(() => {
    const was = before.current;
    if (was.isTail && !isTail) box.current?.scrollBy(0, (count - was.count) * LINE);
    before.current = { count, isTail };
  }, [box, count, isTail]);
}

interface BarProps {
  log: Followed;
  at: number;
  url: string;
  isFollowing: boolean;
  onFollow: (is: boolean) => void;
  onShow: (line: number) => void;
}

function Bar({ log: { whole, ended, isLost, isTail }, at, url, isFollowing, onFollow, onShow }: BarProps) {
  const [typed, setTyped] = useState("");
  const wrongAfter = () => {
    const next = nextWrong(whole, at + 1);
    onShow(next >= 0 ? next : nextWrong(whole, 0));
  };
  return (
    <div className="bar">
      <label className="field" style={{ width: 240 }}>
        <span className="visually-hidden">Find in the log</span>
        <input
          value={typed}
          placeholder="Find, Enter for the next"
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && typed) onShow(nextWith(whole, typed, at + 1));
          }}
        />
      </label>
      <button className="button plain" onClick={wrongAfter}>
        <TriangleAlert size={14} aria-hidden /> Next error
      </button>
      <span className="grow" />
      <span className="quiet small number" role="status">
        {isTail ? "the last lines" : whole.length === 1 ? "1 line" : `${whole.length} lines`}
        {isLost ? " · reconnecting…" : ended ? "" : " · live"}
      </span>
      <button className="button plain" aria-pressed={isFollowing} onClick={() => onFollow(!isFollowing)}>
        <ArrowDownToLine size={14} aria-hidden /> Follow
      </button>
      <a className="button plain icon" href={url} download title="Download" aria-label="Download">
        <Download size={14} aria-hidden />
      </a>
    </div>
  );
}

interface LineProps {
  text: string;
  /** Unknown as long as the lines before it are. */
  number: number | undefined;
  top: number;
  isFound: boolean;
}

const Line = memo(function Line({ text, number, top, isFound }: LineProps) {
  const mark = isFound ? " found" : isWrong(text) ? " wrong" : "";
  return (
    <div className={`log-line${mark}`} style={{ transform: `translateY(${top}px)` }}>
      <b aria-hidden>{number}</b>
      <Coloured text={text} />
    </div>
  );
});

function Coloured({ text }: { text: string }) {
  if (!text.includes("\u001b")) return text;
  return Anser.ansiToJson(text, { json: true, use_classes: true, remove_empty: true }).map((part, place) => (
    <span
      key={place}
      className={[part.fg && `${part.fg}-fg`, ...part.decorations.map((name) => `ansi-${name}`)].join(" ")}
    >
      {part.content}
    </span>
  ));
}
