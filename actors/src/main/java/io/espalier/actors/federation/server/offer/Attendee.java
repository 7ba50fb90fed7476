package io.espalier.actors.federation.server.offer;

import io.espalier.actors.federation.gateway.Session;
import io.espalier.actors.federation.protocol.Ready;
import io.espalier.actors.federation.server.store.Invitee;
import io.espalier.actors.federation.session.Tier;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A client that is connected.
 *
 * @param tier what it can hold of the network
 * @param ready what it said once it knew the run; empty until then
 */
public record Attendee(Session session, Tier tier, String software, Optional<Ready> ready) {
  public String client() {
    return session.client();
  }

  public boolean isReady() {
    return ready.isPresent();
  }

  public Attendee readied(Ready message) {
    return new Attendee(session, tier, software, Optional.of(message));
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
  public Attendee holding(int version) {
    return new Attendee(
        session,
        tier,
        software,
        ready.map(message -> message.toBuilder().setMaskVersion(version).build()));
  }

  public Invitee invitee() {
    return new Invitee(client(), tier.cap(), tier.width(), ready.orElseThrow().getExamples());
  }
}
