package io.espalier.federation.refusal;

import io.espalier.federation.protocol.Refusal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The reason of a refusal. Its words are those of protocol and telemetry. */
public enum RefusalReason {
  UNKNOWN_CLIENT(false),
  REVOKED_CLIENT(false),
  EXPIRED_CERTIFICATE(false),
  UNSUPPORTED_PROTOCOL(false),
  WRONG_LAYOUT(false),
  STALE_ROUND(false),
  STALE_VERSION(false),
  NOT_CHOSEN(false),
  ROUND_CLOSED(false),
  DUPLICATE(false),
  OVERSIZE(false),
  WRONG_DIGEST(true),
  MALFORMED(false),
  WRONG_COUNT(false),
  NOT_FINITE(false),
  NORM_BEYOND_BOUND(false),
  TOO_SLOW(true),
  TOO_MANY(true),
  UNKNOWN_PAYLOAD(false),
  TOO_LITTLE_MEMORY(false),
  WRONG_MASKS(false);

  private final boolean retry;

  RefusalReason(boolean retry) {
    this.retry = retry;
  }

  /** The stable word, such as {@code stale-round}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public Refusal refusal(String detail) {
    return Refusal.newBuilder().setReason(word()).setDetail(detail).setRetry(retry).build();
  }

  /** Whether the same may succeed later. */
  public boolean retry() {
    return retry;
  }

  /** The reason of a word; empty if a newer version of the protocol has added it. */
  public static Optional<RefusalReason> ofWord(String word) {
    return Arrays.stream(values()).filter(reason -> reason.word().equals(word)).findFirst();
  }
}
