import { link } from '@rookery/contracts/messages';

import { ACTORS_FEATURE, MAX_FRAME_BYTES, MAX_VERSION, MIN_VERSION } from './protocol.js';

/** Who stands at one end of a link. */
export interface LinkPeer {
  readonly service: string;
  readonly instanceId: string;
  readonly incarnation: string;
}

/** Whom a caller expects to meet; an empty word stands for anybody. */
export type ExpectedPeer = Omit<LinkPeer, 'service'>;

export interface Refusal {
  readonly reason: link.Refusal_Reason;
  readonly message: string;
}

const { REASON_WRONG_INSTANCE, REASON_VERSION, REASON_DRAINING } = link.Refusal_Reason;
const VERSIONS = { minVersion: MIN_VERSION, maxVersion: MAX_VERSION };

/** The first frame of a caller. */
export function callerHello(self: LinkPeer, expected: ExpectedPeer): link.Hello {
  return link.Hello.fromPartial({
    ...VERSIONS,
    ...self,
    expectedInstanceId: expected.instanceId,
    expectedIncarnation: expected.incarnation,
    maxFrameBytes: MAX_FRAME_BYTES,
  });
}

/** What a callee gives its caller; it takes actor frames only where it gives credit for them. */
export interface Credits {
  readonly callCredit: number;
  readonly actorCredit: number | undefined;
}

/** The first frame of a callee. */
export function calleeHello(self: LinkPeer, credits: Credits, refusal: Refusal | undefined): link.Hello {
  const { callCredit, actorCredit } = credits;
  const hello = { ...VERSIONS, ...self, callCredit, maxFrameBytes: MAX_FRAME_BYTES };
  return link.Hello.fromPartial({
    ...hello,
    ...(actorCredit === undefined ? {} : { features: [ACTORS_FEATURE], actorCredit }),
    ...(refusal === undefined ? {} : { refusal }),
  });
}

/** Why a callee takes no link from the sender of `hello`. */
export function refusalOfHello(hello: link.Hello, self: LinkPeer, isDraining: boolean): Refusal | undefined {
  if (isOther(hello.expectedInstanceId, self.instanceId)) {
    return { reason: REASON_WRONG_INSTANCE, message: `this is ${self.instanceId}, not ${hello.expectedInstanceId}` };
  }
  if (isOther(hello.expectedIncarnation, self.incarnation)) {
    return { reason: REASON_WRONG_INSTANCE, message: `${self.instanceId} has started anew` };
  }
  if (!sharesVersion(hello)) {
    return { reason: REASON_VERSION, message: `this side speaks link versions ${MIN_VERSION} to ${MAX_VERSION}` };
  }
  return isDraining ? { reason: REASON_DRAINING, message: `${self.instanceId} is leaving` } : undefined;
}

/** Why a caller cannot go on after the callee's `hello`. */
export function faultOfHello(hello: link.Hello, expected: ExpectedPeer): Refusal | undefined {
  if (hello.refusal !== undefined) {
    return { reason: hello.refusal.reason, message: `refused: ${hello.refusal.message}` };
  }
  if (!sharesVersion(hello)) {
    return { reason: REASON_VERSION, message: `speaks link versions ${hello.minVersion} to ${hello.maxVersion}` };
  }
  if (isOther(expected.instanceId, hello.instanceId) || isOther(expected.incarnation, hello.incarnation)) {
    return { reason: REASON_WRONG_INSTANCE, message: `met ${hello.instanceId}, which was not expected here` };
  }
  return undefined;
}

function sharesVersion({ minVersion, maxVersion }: link.Hello): boolean {
  return minVersion <= MAX_VERSION && maxVersion >= MIN_VERSION;
}

function isOther(expected: string, met: string): boolean {
  return expected !== '' && met !== expected;
}
