package io.espalier.federation.server;

import io.espalier.federation.protocol.Ready;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A client that is connected.
 *
 * @param tier what it can hold of the network
 * @param ready what it said once it knew the run; empty until then
 */
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
   * The version whose global masks it holds. Of a device with a cap it is not known whether its
   * masks were a part of them.
   */
  public OptionalInt heldGlobalVersion() {
    return ready
        .filter(message -> tier.cap() >= 1 && message.hasMaskVersion())
        .map(message -> OptionalInt.of(message.getMaskVersion()))
        .orElse(OptionalInt.empty());
  }

  /** The same, holding the masks of another version. */
  public AttendingClient holding(int version) {
    return new AttendingClient(
        session,
        tier,
        software,
        ready.map(message -> message.toBuilder().setMaskVersion(version).build()));
  }

  public Invitee invitee() {
    return new Invitee(client(), tier.cap(), tier.width(), ready.orElseThrow().getExamples());
  }
}
