/** Frames (AMQP 0-9-1, 4.2.3): type, channel, size of the payload, payload, frame-end. */
export const frameType = { method: 1, header: 2, body: 3, heartbeat: 8 } as const;
export const frameEnd = 0xce;
/** Octets before the payload. */
export const frameHeaderSize = 7;
/** Octets of a frame without its payload. */
export const emptyFrameSize = 8;
/** The smallest frame_max that may be negotiated (4.2.3, "frame-min-size"). */
export const smallestFrameMax = 4096;

export const heartbeatFrame: Buffer = Buffer.from([frameType.heartbeat, 0, 0, 0, 0, 0, 0, frameEnd]);
