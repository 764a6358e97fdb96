import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import { PROBLEM_TYPE, problemText } from './problem.js';
import { problemOfConnection } from './problem.mapper.js';

/** Answers what is no request, or does not become one in time: there is no exchange yet, only a socket. */
export function refuseConnection(error: Error, socket: Socket): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOfConnection(error);
  const text = problemText(problem, undefined);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
  ];
  // Without waiting for the other side to close: one that is as slow in that would keep its request in work.
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`, () => socket.destroy());
}
