package io.espalier.federation.server;

/**
 * How a round went, apart from what was learned.
 *
 * @param late clients that were still at work when it closed
 * @param lost clients that were invited and not connected any more when it closed
 * @param refused results that did not belong
 * @param bytesUp from the clients
 * @param bytesDown to the clients
 * @param bytesDense what dense models both ways would have cost the same clients
 * @param seconds from the invitation to the close
 */
public record RoundTally(
    int invited,
    int late,
    int lost,
    int refused,
    long bytesUp,
    long bytesDown,
    long bytesDense,
    double seconds) {}
