package io.espalier.federation.server;

import java.util.function.Supplier;

/** Bytes on the gateway's sockets since a round began. */
final class WireTraffic {
  private final Supplier<WireBytes> counted;
  private WireBytes begin;

  WireTraffic(Supplier<WireBytes> counted) {
    this.counted = counted;
    this.begin = counted.get();
  }

  /** Counts from now on. */
  void mark() {
    begin = counted.get();
  }

  long up() {
    return counted.get().received() - begin.received();
  }

  long down() {
    return counted.get().sent() - begin.sent();
  }
}
