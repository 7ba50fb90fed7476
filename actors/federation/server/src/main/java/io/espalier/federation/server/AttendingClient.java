package io.espalier.federation.server;

import io.espalier.federation.protocol.Ready;
import java.util.Optional;
import java.util.OptionalInt;

/** A connected client; {@code ready} is empty until it has prepared for the run. */
record AttendingClient(
    ClientSession session, DeviceTier tier, String software, Optional<Ready> ready) {
  public String client() {
    return session.client();
  }

  public boolean isReady() {
    return ready.isPresent();
  }

  public AttendingClient readied(Ready message) {
    return new AttendingClient(session, tier, software, Optional.of(message));
  }

  /**
   * The version whose global masks the client holds; empty if that is unknown, as of a device with
   * a cap, whose masks may be a part of them.
   */
  public OptionalInt heldGlobalVersion() {
    return ready
        .filter(message -> tier.cap() >= 1 && message.hasMaskVersion())
        .map(message -> OptionalInt.of(message.getMaskVersion()))
        .orElse(OptionalInt.empty());
  }

  public AttendingClient holding(int version) {
    return new AttendingClient(
        session,
        tier,
        software,
        ready.map(
            message -> message.toBuilder().setMaskVersion(version).clearMaskDigest().build()));
  }

  /** Returns a copy without the masks that the client said it had. */
  public AttendingClient holdingNone() {
    return new AttendingClient(
        session,
        tier,
        software,
        ready.map(message -> message.toBuilder().clearMaskVersion().clearMaskDigest().build()));
  }

  public SelectedClient selected() {
    return new SelectedClient(
        client(), tier.cap(), tier.width(), ready.orElseThrow().getExamples());
  }
}
