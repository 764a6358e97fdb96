/** The versions of the link protocol that this code speaks. */
export const MIN_VERSION = 1;
export const MAX_VERSION = 1;

/** The largest frame; a larger payload travels as plain gRPC. */
export const MAX_FRAME_BYTES = 64 * 1024;

/** The largest write; small enough that a later control frame never waits long behind it. */
export const MAX_WRITE_BYTES = 256 * 1024;

/** A batch is closed while one more frame still fits, so that no write is larger than it may be. */
export const FULL_BATCH_BYTES = MAX_WRITE_BYTES - MAX_FRAME_BYTES;

/** Control frames that wait for a peer that does not read; beyond, it is given up. */
export const MAX_CONTROL_BYTES = 64 * 1024;

/** Replies that wait for a caller that does not read; beyond, its further calls are refused. */
export const MAX_BACKLOG_BYTES = 8 * 1024 * 1024;

/** The largest message by any way, as gRPC's own default. */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/** Calls that may be unanswered on one link. */
export const DEFAULT_CALL_CREDIT = 1024;

/** The feature of a callee that takes actor frames. */
export const ACTORS_FEATURE = 'actors';

/** What an actor frame takes beside its payload, in the batch and of the credit. */
export const ACTOR_FRAME_OVERHEAD = 12;

/** The largest payload of an actor frame. */
export const MAX_ACTOR_PAYLOAD_BYTES = MAX_FRAME_BYTES - ACTOR_FRAME_OVERHEAD;

/** Bytes of actor frames that one caller may have sent and not been told as taken. */
export const DEFAULT_ACTOR_CREDIT_BYTES = 4 * 1024 * 1024;

/** No caller sends more ahead, whatever credit it is given. */
export const MAX_ACTOR_CREDIT_BYTES = 64 * 1024 * 1024;

/** Actor frames that wait at the caller for the socket; beyond, whoever sends them has to wait. */
export const MAX_ACTOR_BACKLOG_BYTES = 1024 * 1024;

/** Answers to actor frames that wait for a caller that does not read; beyond, they are not sent. */
export const MAX_ANSWER_BACKLOG_BYTES = 256 * 1024;

/** No caller has more calls unanswered on a link, whatever credit it is given. */
export const MAX_CALL_CREDIT = 65_536;

/** Methods that one link may number. */
export const MAX_METHODS = 4096;

/** Calls that wait at the caller when credit or the socket is exhausted. */
export const DEFAULT_QUEUE_LIMIT = 1024;

/** Silence after which a ping is sent, and the pause between further pings. */
export const PING_AFTER_MS = 1000;
export const PING_EVERY_MS = 750;

/** Unanswered pings after which nobody picks the instance, and after which the link is closed: 2.5 s and 4.75 s. */
export const SUSPECT_AFTER_MISSED = 2;
export const CLOSE_AFTER_MISSED = 5;

/** How long the handshake may take. */
export const HANDSHAKE_TIMEOUT_MS = 2000;

/** How long an ended link waits for its peer's end before it is torn down. */
export const LINGER_MS = 2000;

export const LINK_OPEN_PATH = '/rookery.link.v1.Link/Open';
export const LINK_COLLECT_PATH = '/rookery.link.v1.Link/Collect';
export const LINK_CAPABILITY = 'link';
