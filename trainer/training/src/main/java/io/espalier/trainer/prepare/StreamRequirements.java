package io.espalier.trainer.prepare;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.KafkaConfig;
import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.update.StatisticRequests;
import io.espalier.trainer.stream.HoldOut;
import java.util.List;

final class StreamRequirements {
  private StreamRequirements() {}

  static void verify(PreparedRun run, KafkaConfig kafka) {
    requireHeldOut(run, kafka);
    requireBatchesAhead(run);
  }

  private static void requireHeldOut(PreparedRun run, KafkaConfig kafka) {
    long trained =
        run.plan().totalSteps() * run.config().stepExamples() * run.config().train().trainers();
    if (!new HoldOut(kafka.holdOut()).precedes(trained)) {
      throw InvalidConfigException.of(
          "train.samples",
          "must be enough for one held-out example to evaluate on: samples=%d, hold-out=%s"
              .formatted(trained, kafka.holdOut()));
    }
  }

  /** Gradients are measured on the following batches, which must be among the samples. */
  private static void requireBatchesAhead(PreparedRun run) {
    int ahead = StatisticRequests.of(run.config().prune(), run.config().seed()).mostBatches();
    List<PlannedUpdate> updates = run.plan().updates();
    long last = updates.isEmpty() ? 0 : updates.get(updates.size() - 1).step();
    if (last + ahead > run.plan().totalSteps()) {
      throw InvalidConfigException.of(
          "prune.schedule",
          "must let the batches that gradients are measured on follow the last mask update: last update=step %d, batches=%d, steps=%d"
              .formatted(last, ahead, run.plan().totalSteps()));
    }
  }
}
