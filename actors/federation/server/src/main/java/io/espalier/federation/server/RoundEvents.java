package io.espalier.federation.server;

import io.espalier.configs.FederationConfig;
import io.espalier.configs.RoundsConfig;
import io.espalier.masks.update.MaskUpdate;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.FederationEvent;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.federated.RoundMerge;
import io.espalier.trainer.federated.RoundWork;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.EvaluationPart;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Converts rounds to telemetry events. */
record RoundEvents(PreparedFederation federation, Consumer<Event> sink) {
  void described() {
    RoundsConfig rounds = federation.rounds();
    sink.accept(
        new FederationEvent.FederationDescribed(
            algorithm(federation.algorithm()),
            rounds.rounds(),
            rounds.cohort().size(),
            rounds.fewest(),
            1 + rounds.cohort().overCommit(),
            rounds.client().localEpochs(),
            rounds.client().encoding().name().toLowerCase(Locale.ROOT),
            List.of()));
  }

  void started(RoundWork work, Committed model, int invited, int connected) {
    sink.accept(
        new FederationEvent.RoundStarted(
            work.key(),
            kind(work),
            work.completed(),
            federation.rounds().cohort().size(),
            invited,
            connected,
            model.masks().masks().version().number(),
            work.rate()));
  }

  void completed(
      RoundWork work,
      FederationSession.Tally tally,
      RoundMerge merge,
      Committed model,
      double aggregateSeconds) {
    sink.accept(
        new RoundCompleted(
            work.key(),
            kind(work),
            model.step(),
            tally.invited(),
            tally.reported(),
            tally.late(),
            tally.lost(),
            tally.refused(),
            merge.examples(),
            merge.loss(),
            tally.bytesUp(),
            tally.bytesDown(),
            tally.bytesDense(),
            model.masks().masks().version().number(),
            merge.update().map(RoundEvents::pruned).orElse(0L),
            merge.update().map(RoundEvents::regrown).orElse(0L),
            tally.seconds() + aggregateSeconds,
            aggregateSeconds));
  }

  void tier(RoundWork work, Committed model, DeviceTier tier, int clients, EvaluationPart part) {
    sink.accept(
        new FederationEvent.TierEvaluated(
            work.key(),
            model.step(),
            tier.cap(),
            clients,
            part.accuracy(),
            part.loss(),
            part.examples(),
            tier.reportedWidth(),
            federation.run().dataset().metric().bits(part.loss())));
  }

  static String algorithm(FederationConfig config) {
    return config instanceof FederationConfig.FedTiny ? "fedtiny" : "fedavg";
  }

  private static String kind(RoundWork work) {
    return switch (work.kind()) {
      case MEASURE_NORMS, MEASURE_LOSSES -> RoundCompleted.SELECTION;
      case TRAIN -> RoundCompleted.ORDINARY;
      case TRAIN_AND_PROPOSE -> RoundCompleted.ADJUSTMENT;
    };
  }

  private static long pruned(MaskUpdate update) {
    return update.changes().stream().mapToLong(each -> each.pruned()).sum();
  }

  private static long regrown(MaskUpdate update) {
    return update.changes().stream().mapToLong(each -> each.regrown()).sum();
  }
}
