/**
 * A log as it is written: its end at once, its beginning after that, and from then on by server-sent events, which resume
 * where the connection broke.
 */
import { useEffect, useState } from "react";
import { ending, grown, type Lines, NONE } from "./lines";

export interface Followed extends Lines {
  /** The status its job ended with; empty while it goes on. */
  ended: string;
  isLost: boolean;
  /** Whether only the end of it is there yet, so that the lines have no numbers. */
  isTail?: boolean;
}

const GATHER_MS = 60;
const TAIL = 64 * 1024;
const PIECE = 1024 * 1024;

/** For one address as long as the component is there: another log is another component. */
export function useLog(url: string): Followed {
  const [state, setState] = useState<Followed>({ ...NONE, ended: "", isLost: false });
  useEffect(() => {
    const stop = new AbortController();
    void read(url, setState, stop.signal);
    return () => stop.abort();
  }, [url]);
  return state;
}

type Set = (to: (was: Followed) => Followed) => void;

async function read(url: string, set: Set, stop: AbortSignal): Promise<void> {
  const found = await tailOf(url, stop).catch(() => undefined); // no file yet, or no server: the events say which
  if (stop.aborted) return;
  if (!found) return follow(url, 0, set, stop);
  const { before, text, size } = found;
  set((was) => ({ ...was, ...grown(NONE, text), isTail: before > 0 }));
  follow(url, size, set, stop);
  if (before === 0) return;
  const head = await headOf(url, before, stop).catch(() => undefined);
  if (stop.aborted) return;
  set((was) => ({ ...was, whole: head ? [...head.whole, ...was.whole] : was.whole, isTail: head === undefined }));
}

interface Tail {
  /** Where in the file it begins. */
  before: number;
  text: string;
  /** Of the file: what comes after this is new. */
  size: number;
}

/** The last lines, whole ones; all of it where that is little, and nothing where no line ends in so much. */
async function tailOf(url: string, signal: AbortSignal): Promise<Tail | undefined> {
  const answer = await fetch(url, { headers: { Range: `bytes=-${TAIL}` }, signal });
  const [, first, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(answer.headers.get("content-range") ?? "") ?? [];
  if (answer.status !== 206 || first === undefined) return undefined;
  return ending(new Uint8Array(await answer.arrayBuffer()), Number(first), Number(size));
}

/** The lines before the end, piece by piece, so that the page never waits for all of them. */
async function headOf(url: string, end: number, signal: AbortSignal): Promise<Lines> {
  const decoder = new TextDecoder();
  let lines: Lines = NONE;
  for (let at = 0; at < end; at += PIECE) {
    const last = Math.min(at + PIECE, end) - 1;
    const answer = await fetch(url, { headers: { Range: `bytes=${at}-${last}` }, signal });
    if (!answer.ok) throw new Error(answer.statusText);
    lines = grown(lines, decoder.decode(await answer.arrayBuffer(), { stream: last + 1 < end }));
  }
  return lines;
}

function follow(url: string, after: number, set: Set, stop: AbortSignal): void {
  let pieces: string[] = [];
  let timer = 0;
  const source = new EventSource(`${url}?follow=1&after=${after}`);
  const show = () => {
    timer = 0;
    const piece = pieces.join("");
    pieces = [];
    set((was) => ({ ...was, ...(piece ? grown(was, piece) : {}), isLost: false }));
  };
  source.addEventListener("log", (event: MessageEvent<string>) => {
    pieces.push((JSON.parse(event.data) as { data: string }).data);
    timer ||= window.setTimeout(show, GATHER_MS);
  });
  source.addEventListener("end", (event: MessageEvent<string>) => {
    source.close();
    const { status } = JSON.parse(event.data) as { status: string };
    clearTimeout(timer);
    show();
    set((was) => ({ ...was, ended: status }));
  });
  source.onerror = () => set((was) => ({ ...was, isLost: true }));
  stop.addEventListener("abort", () => {
    source.close();
    clearTimeout(timer);
  });
}
