/** A log as it is written: followed by server-sent events, which resume where the connection broke. */
import { useEffect, useState } from "react";
import { grown, type Lines, NONE } from "./lines";

export interface Followed extends Lines {
  /** The status its job ended with; empty while it goes on. */
  ended: string;
  isLost: boolean;
}

const GATHER_MS = 60;

/** For one address as long as the component is there: another log is another component. */
export function useLog(url: string): Followed {
  const [state, setState] = useState<Followed>({ ...NONE, ended: "", isLost: false });
  useEffect(() => {
    let pieces: string[] = [];
    let timer = 0;
    const source = new EventSource(`${url}?follow=1`);
    const show = () => {
      timer = 0;
      const piece = pieces.join("");
      pieces = [];
      setState((was) => ({ ...was, ...(piece ? grown(was, piece) : {}), isLost: false }));
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
      setState((was) => ({ ...was, ended: status }));
    });
    source.onerror = () => setState((was) => ({ ...was, isLost: true }));
    return () => {
      source.close();
      clearTimeout(timer);
    };
  }, [url]);
  return state;
}
