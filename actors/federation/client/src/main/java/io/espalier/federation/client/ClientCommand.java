package io.espalier.federation.client;

import io.espalier.federation.client.ClientStateDirectory.FinishedResult;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Receipt;
import io.espalier.federation.protocol.Welcome;
import io.espalier.masks.MaskSet;
import java.io.IOException;
import java.util.Optional;

/** The messages that a {@link FederatedClient} takes. */
sealed interface ClientCommand {
  /** Ends the client; its state stays on disk. */
  record Stop() implements ClientCommand {}

  record Received(int attempt, FromServer message) implements ClientCommand {}

  record StreamEnded(int attempt, Optional<Exception> failure) implements ClientCommand {}

  record Connect() implements ClientCommand {}

  record GiveUp() implements ClientCommand {}

  record Settle() implements ClientCommand {}

  record Prepared(
      Welcome welcome,
      int examples,
      int heldBack,
      String computing,
      HeldMasks masks,
      Optional<FinishedResult> result)
      implements ClientCommand {}

  /** Reads the masks on the disk; empty if there are none that are sound. */
  interface HeldMasks {
    Optional<MaskSet> read() throws IOException;
  }

  record CannotPrepare(RuntimeException cause) implements ClientCommand {}

  record Progressed(String round, long done, long total) implements ClientCommand {}

  sealed interface WorkEnd extends ClientCommand {
    Assignment assignment();
  }

  record WorkDone(Assignment assignment, FinishedResult result, ClientEvent event)
      implements WorkEnd {}

  record WorkCancelled(Assignment assignment) implements WorkEnd {}

  record MasksMissing(Assignment assignment, String cause) implements WorkEnd {}

  record WorkFailed(Assignment assignment, String cause) implements WorkEnd {}

  record Fetched(int attempt, Assignment assignment, Optional<Failure> failure)
      implements ClientCommand {}

  record Answered(
      int attempt, FinishedResult result, Optional<Receipt> receipt, Optional<Failure> failure)
      implements ClientCommand {}

  record CheckCertificate() implements ClientCommand {}

  record RenewalEnded(Optional<Failure> failure) implements ClientCommand {}
}
