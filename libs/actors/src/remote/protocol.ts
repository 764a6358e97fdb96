/** The version of what actor systems say to each other. Who speaks another is not understood. */
export const PROTOCOL_VERSION = 1;
