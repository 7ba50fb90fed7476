package io.espalier.training.transport;

import io.aeron.Publication;

/** What Aeron said to an offered frame. */
enum OfferResult {
  SENT,
  /** No subscriber yet: offer again. */
  NOT_CONNECTED,
  /** The subscriber is behind: offer again, and count it. */
  BACK_PRESSURED,
  /** The log was being rotated: offer again. */
  ADMIN_ACTION,
  CLOSED,
  POSITION_EXCEEDED;

  public static OfferResult of(long position) {
    if (position >= 0) {
      return SENT;
    }
    if (position == Publication.NOT_CONNECTED) {
      return NOT_CONNECTED;
    }
    if (position == Publication.BACK_PRESSURED) {
      return BACK_PRESSURED;
    }
    if (position == Publication.ADMIN_ACTION) {
      return ADMIN_ACTION;
    }
    return position == Publication.CLOSED ? CLOSED : POSITION_EXCEEDED;
  }

  /** Whether the same frame may go through later. */
  public boolean isPassing() {
    return this == NOT_CONNECTED || this == BACK_PRESSURED || this == ADMIN_ACTION;
  }
}
