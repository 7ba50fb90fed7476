package io.espalier.federation.server;

import io.espalier.federation.protocol.UploadHeader;
import io.espalier.federation.refusal.RefusalReason;
import io.espalier.telemetry.event.FederationEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Whether a result is wanted, by the round that is open and the one that closed last. */
record ResultAdmission(FederationSession session, ConnectedClients clients) {
  UploadVerdict admit(
      Optional<OpenRound> open,
      Optional<RoundStore.ClosedRound> last,
      String client,
      UploadHeader header) {
    if (last.filter(round -> round.key().equals(header.getRound())).isPresent()) {
      return admitToLast(last.get(), client, header);
    }
    return open.isPresent()
        ? open.get().admit(client, header)
        : refused(
            client,
            header,
            RefusalReason.STALE_ROUND,
            "a result must be for the open round: round=%s, none is open"
                .formatted(header.getRound()));
  }

  private UploadVerdict admitToLast(
      RoundStore.ClosedRound closed, String client, UploadHeader header) {
    if (closed.isAccepted(client, header.getDigest())) {
      return new UploadVerdict.Duplicate();
    }
    return refused(
        client,
        header,
        closed.invited().contains(client) ? RefusalReason.ROUND_CLOSED : RefusalReason.NOT_CHOSEN,
        "a result must come before its round closes: round=%s".formatted(header.getRound()));
  }

  UploadVerdict complete(
      Optional<OpenRound> open,
      Optional<RoundStore.ClosedRound> last,
      String client,
      UploadHeader header,
      Path file)
      throws IOException {
    UploadVerdict admitted = admit(open, last, client, header);
    if (!(admitted instanceof UploadVerdict.Wanted)) {
      return admitted;
    }
    OpenRound round = open.orElseThrow();
    UploadVerdict verdict = round.complete(client, header, file);
    if (verdict instanceof UploadVerdict.Accepted) {
      clients.holds(client, round.tasks().version().number());
    }
    return verdict;
  }

  private UploadVerdict refused(
      String client, UploadHeader header, RefusalReason reason, String detail) {
    recordRefusal(Optional.of(client), Optional.of(header.getRound()), reason, detail);
    return new UploadVerdict.Refused(reason, detail);
  }

  void recordRefusal(
      Optional<String> client, Optional<String> round, RefusalReason reason, String detail) {
    session.record(new FederationEvent.UpdateRefused(client, round, reason.word(), detail));
  }
}
