package io.espalier.telemetry.tail;

import static io.espalier.telemetry.tail.EventTexts.format;

import io.espalier.telemetry.event.FederationEvent.CandidateChosen;
import io.espalier.telemetry.event.FederationEvent.ClientJoined;
import io.espalier.telemetry.event.FederationEvent.ClientLate;
import io.espalier.telemetry.event.FederationEvent.ClientLeft;
import io.espalier.telemetry.event.FederationEvent.ClientReported;
import io.espalier.telemetry.event.FederationEvent.FederationDescribed;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.FederationEvent.RoundStarted;
import io.espalier.telemetry.event.FederationEvent.TierEvaluated;
import io.espalier.telemetry.event.FederationEvent.UpdateRefused;
import java.util.OptionalDouble;
import java.util.StringJoiner;

/** What the events of a federation say to people. */
final class FederationTexts {
  private FederationTexts() {}

  static void addTo(EventTexts texts) {
    federation(texts);
    rounds(texts);
    clients(texts);
  }

  private static void federation(EventTexts texts) {
    texts.add(
        FederationDescribed.class,
        e ->
            format(
                "%s · %d rounds · cohort %d × %.2f, quorum %d · %d local epochs · %s",
                e.algorithm(),
                e.rounds(),
                e.cohort(),
                e.overCommit(),
                e.quorum(),
                e.localEpochs(),
                e.encoding()));
    texts.add(
        CandidateChosen.class,
        e ->
            format(
                "candidate %d, of 0 to %d%s",
                e.candidate(),
                e.candidates() - 1,
                e.candidate() < e.losses().size()
                    ? loss(OptionalDouble.of(e.losses().get(e.candidate())))
                    : ""));
  }

  private static void rounds(EventTexts texts) {
    texts.add(
        RoundStarted.class,
        e ->
            format(
                "round %s · %s · %d of %d clients invited for %d reports · mask version %d",
                e.round(), e.kind(), e.invited(), e.connected(), e.wanted(), e.maskVersion()));
    texts.add(RoundCompleted.class, FederationTexts::completed);
    texts.add(
        TierEvaluated.class,
        e ->
            format(
                "round %s · density %.2f%%%s · %d clients · accuracy %.2f%% · loss %.4f",
                e.round(),
                100 * e.density(),
                width(e.width()),
                e.clients(),
                100 * e.accuracy(),
                e.loss()));
  }

  private static String width(OptionalDouble width) {
    return width.isPresent() ? format(" · %.0f%% of the channels", 100 * width.getAsDouble()) : "";
  }

  private static String completed(RoundCompleted e) {
    String turned = format(" · %d pruned · %d regrown", e.pruned(), e.regrown());
    return format(
        "round %s · %s · %s%s · %s up · %s down%s%s · %.1f s",
        e.round(),
        e.kind(),
        cohort(e),
        loss(e.loss()),
        bytes(e.bytesUp()),
        bytes(e.bytesDown()),
        e.bytesDense() > 0
            ? format(", %.1f%% of dense", 100.0 * (e.bytesUp() + e.bytesDown()) / e.bytesDense())
            : "",
        e.pruned() + e.regrown() > 0 ? turned : "",
        e.seconds());
  }

  private static String cohort(RoundCompleted e) {
    StringJoiner parts = new StringJoiner(", ");
    parts.add(format("%d of %d reported", e.reported(), e.invited()));
    count(e.late(), "late", parts);
    count(e.lost(), "lost", parts);
    count(e.refused(), "refused", parts);
    return parts.toString();
  }

  private static void count(int clients, String what, StringJoiner parts) {
    if (clients > 0) {
      parts.add(clients + " " + what);
    }
  }

  private static void clients(EventTexts texts) {
    texts.add(
        ClientJoined.class,
        e ->
            format(
                "%s · up to %.2f%% density%s · %d examples · %s",
                e.client(), 100 * e.densityCap(), width(e.width()), e.examples(), e.software()));
    texts.add(ClientLeft.class, e -> format("%s · %s", e.client(), e.cause()));
    texts.add(
        ClientReported.class,
        e ->
            format(
                "%s · round %s · %d examples%s · norm %.3g · %s · %.1f s",
                e.client(),
                e.round(),
                e.examples(),
                loss(e.loss()),
                e.updateNorm(),
                bytes(e.bytes()),
                e.seconds()));
    texts.add(
        ClientLate.class, e -> format("%s · round %s · %s", e.client(), e.round(), e.cause()));
    texts.add(
        UpdateRefused.class,
        e ->
            format(
                "%s%s · %s · %s",
                e.client().orElse("unknown client"),
                e.round().map(round -> " · round " + round).orElse(""),
                e.reason(),
                e.detail()));
  }

  private static String loss(OptionalDouble loss) {
    return loss.isPresent() ? format(" · loss %.4f", loss.getAsDouble()) : "";
  }

  private static String bytes(long bytes) {
    if (bytes < 1_000) {
      return bytes + " B";
    }
    return bytes < 1_000_000 ? format("%.1f kB", bytes / 1e3) : format("%.1f MB", bytes / 1e6);
  }
}
