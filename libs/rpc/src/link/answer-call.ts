import type { link } from '@rookery/contracts/messages';
import { SlabReader } from '@rookery/wire';

import type { CallMetadata } from '../status/call-metadata.js';
import { plainStatus } from '../status/call-status.js';
import { StatusCode } from '../status/status-code.js';
import { decodePayload, metadataOf } from './frame-reader.js';
import type { LinkCall } from './link-call.port.js';

/** Ends a call with the response that stands where `reader` stands. */
export function answerCall(
  call: LinkCall,
  reader: SlabReader,
  payloadBytes: number,
  headers: CallMetadata | undefined,
  trailers: CallMetadata | undefined,
): void {
  let response: unknown;
  try {
    response = decodePayload(call.method.response, reader, payloadBytes);
  } catch {
    call.fail(plainStatus(StatusCode.INTERNAL, `unreadable response of ${call.method.path}`), headers);
    return;
  }
  call.succeed(response, headers, trailers);
}

/** Ends a call as a whole frame says: an error, a ticket, or a response of no bytes. */
export function answerByFrame(call: LinkCall, reply: link.Reply): void {
  const headers = metadataOf(reply.headers);
  const trailers = metadataOf(reply.trailers);
  if (reply.ticket.length > 0) return call.collect(reply.ticket, headers, trailers);
  const { code, message, details, notStarted: isNotStarted, retryAfterMs, payload } = reply;
  // An empty payload may be left out.
  if (code === StatusCode.OK) return answerCall(call, new SlabReader(payload), payload.length, headers, trailers);
  call.fail({ code, message, details, isNotStarted, retryAfterMs, trailers }, headers);
}
