import * as core from '@actions/core';
import type { Log } from '../log.ts';

/** The runner's log: workflow commands on standard output. Groups show how long they took. */
export const actionsLog: Log = {
  info: (message) => core.info(message),
  notice: (message, title) => core.notice(message, title === undefined ? {} : { title }),
  warning: (message, title) => core.warning(message, title === undefined ? {} : { title }),
  error: (message, title, place) =>
    core.error(message, {
      ...(title === undefined ? {} : { title }),
      ...(place === undefined ? {} : { file: place.file, startLine: place.line }),
    }),
  secret: (value) => core.setSecret(value),
  async group(title, work) {
    const end = startGroup(title);
    try {
      return await work();
    } finally {
      end();
    }
  },
  startGroup,
};

function startGroup(title: string): () => void {
  const started = Date.now();
  core.startGroup(title);
  return () => {
    core.endGroup();
    const seconds = (Date.now() - started) / 1000;
    if (seconds >= 1) core.info(`${title}: ${seconds.toFixed(1)} s`);
  };
}
