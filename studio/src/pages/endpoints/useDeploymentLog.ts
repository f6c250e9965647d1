/** The log of one of a deployment's replicas, read again and again from where it ended. */
import { useEffect, useState } from "react";
import { getJson } from "../../api/client";
import { grown, NONE } from "../../logs/lines";
import type { Followed } from "../../logs/useLog";

const EVERY_MS = 1500;
const FIRST_LINES = 2000;

interface Told {
  content: string;
  replica: string;
  next: number;
  replicas: string[];
}

/** For one address as long as the component is there: another log is another component. */
export function useDeploymentLog(url: string, replica: string): Followed & { replicas: string[] } {
  const [state, setState] = useState<Followed & { replicas: string[] }>({
    ...NONE,
    ended: "",
    isLost: false,
    replicas: [],
  });
  useEffect(() => {
    let timer = 0;
    let isOver = false;
    let next = -1;
    const look = async () => {
      const query = next < 0 ? `tail=${FIRST_LINES}` : `after=${next}`;
      try {
        const told = await getJson<Told>(`${url}?${query}${replica && `&replica=${encodeURIComponent(replica)}`}`);
        if (isOver) return;
        next = told.next;
        setState((was) => ({
          ...was,
          ...(told.content ? grown(was, told.content) : {}),
          replicas: told.replicas,
          isLost: false,
        }));
      } catch {
        if (!isOver) setState((was) => ({ ...was, isLost: true }));
      }
      if (!isOver) timer = window.setTimeout(() => void look(), EVERY_MS);
    };
    void look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [url, replica]);
  return state;
}
