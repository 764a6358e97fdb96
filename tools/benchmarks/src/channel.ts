import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { createInterface } from 'node:readline';

import type { Question } from './messages.js';

/** A process of a bench, and how it is spoken with. */
export interface Channel {
  readonly child: ChildProcess;
  /** Everything that it says, as `message` events. */
  readonly answers: EventEmitter;
  ask(question: Question): void;
}

const PROBE = new URL('./participants/probe.js', import.meta.url).href;

/** A program for Node; the probe is loaded before it. */
export function startNode(args: readonly string[], environment: Readonly<Record<string, string>>): Channel {
  const child = spawn(process.execPath, [`--import=${PROBE}`, ...args], {
    env: { ...inherited(), NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.setMaxListeners(0);
  // A process that is gone is noticed by its end, on which whoever waits for the answer is told.
  return { child, answers: child, ask: (question) => void child.send(question, () => undefined) };
}

/**
 * A program of another platform: it reads questions as lines of words (`cpu`, `work 500`) and answers with lines of JSON. It
 * ends when its input does, which is also how it learns that the bench is gone.
 */
export function startForeign(command: string, args: readonly string[]): Channel {
  const child = spawn(command, args, { env: inherited(), stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = new EventEmitter().setMaxListeners(0);
  child.setMaxListeners(0);
  // The same as above holds for what is written to it.
  child.stdin.on('error', () => undefined);
  createInterface(child.stdout).on('line', (line) => answers.emit('message', messageOf(line)));
  return { child, answers, ask: (question) => void child.stdin.write(`${wordsOf(question)}\n`) };
}

function messageOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return { type: 'failed', reason: `it says ${JSON.stringify(line)}` };
  }
}

function wordsOf(question: Question): string {
  switch (question.ask) {
    case 'cpu':
      return 'cpu';
    case 'work':
      return `work ${Math.round(question.millis)}`;
    case 'load':
      return `load ${question.concurrency} ${Math.round(question.millis)}`;
  }
}

/** The part of this process's environment that its children get. */
export function inherited(): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'NODE_OPTIONS'];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}
