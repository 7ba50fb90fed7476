package io.espalier.federation.client;

import io.espalier.federation.protocol.FromClient;
import io.espalier.federation.protocol.Progress;
import io.espalier.federation.protocol.Ready;
import io.espalier.masks.MaskSet;
import java.util.Optional;

/** The messages that a client sends on its stream. */
final class ClientMessages {
  private static final int LONGEST_CAUSE = 200;

  private ClientMessages() {}

  /** The client takes part; {@code held} are the masks that it has. */
  static FromClient ready(ClientCommand.Prepared here, Optional<MaskSet> held) {
    Ready.Builder ready =
        Ready.newBuilder().setExamples(here.examples()).setHeldBack(here.heldBack());
    held.ifPresent(
        masks -> ready.setMaskVersion(masks.version().number()).setMaskDigest(masks.digest()));
    return FromClient.newBuilder().setReady(ready).build();
  }

  static FromClient progress(ClientCommand.Progressed of) {
    return FromClient.newBuilder()
        .setProgress(
            Progress.newBuilder()
                .setRound(of.round())
                .setDoneSteps(of.done())
                .setTotalSteps(of.total()))
        .build();
  }

  static FromClient failed(String round, String cause) {
    FromClient.Builder message = FromClient.newBuilder();
    message
        .getFailedBuilder()
        .setRound(round)
        .setCause(cause.substring(0, Math.min(cause.length(), LONGEST_CAUSE)));
    return message.build();
  }
}
