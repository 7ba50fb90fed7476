package io.espalier.trainer.federated;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.MaskSet;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.EpochBatches;
import io.espalier.trainer.replica.LocalReplica;
import io.espalier.trainer.state.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class TrainingMemoryTest {
  private static final int LARGE_BATCH = 1400;

  @Test
  void bytes_ofAWorkedExample_areCountedByHand() {
    PreparedFederation federation =
        federation(
            10,
            """
            { kind = convolution, outputs = 2, kernel = 3, padding = 1 }, batch-norm, relu, flatten
            { kind = linear, outputs = classes }
            """,
            "prune.exclude = [\"conv1.weight\"], train.optimizer = sgd");

    int convolution = 2 * 9 + 2;
    int scales = 2 + 2;
    int statistics = 2 + 2;
    int linear = 10 * 128 + 10;
    int moments = 1;
    long values = (3L + 1 + moments) * (convolution + scales + linear) + 10 * 128 + 3L * statistics;
    long perExample = 64 + 4 * 128 + 10 + 2 * 128;
    assertThat(bytes(federation)).isEqualTo(4 * (values + 10 * perExample));
  }

  /** The peak of the process while it trains, over what it held before. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void bytes_ofALargeBatch_areNearThoseMeasured() throws IOException {
    PreparedFederation federation =
        federation(
            LARGE_BATCH,
            """
            { kind = convolution, outputs = 128, kernel = 3, padding = 1 }, batch-norm, relu
            { kind = max-pool, kernel = 2 }, flatten, { kind = linear, outputs = classes }
            """,
            "");
    PreparedRun run = federation.run();
    try (LocalReplica replica = LocalReplica.of(run, () -> {})) {
      replica.load(
          new TrainingState(run.stateLayout()),
          MaskSet.dense(run.layout(), run.prunableIds()),
          Execution.ENGINE);
      EpochBatches batches = new EpochBatches(run, run.splits().shard(0), 0);
      Files.writeString(Path.of("/proc/self/clear_refs"), "5");
      long before = kilobytes("VmRSS");
      replica.train(batches, new LocalReplica.Course(0, 1, .01, 0));
      long measured = 1024 * (kilobytes("VmHWM") - before);

      assertThat(measured).isBetween(bytes(federation) / 3, bytes(federation) * 3);
    }
  }

  private static long kilobytes(String field) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(field + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  private static long bytes(PreparedFederation federation) {
    return TrainingMemory.bytes(federation.run(), federation.rounds());
  }

  private static PreparedFederation federation(int batch, String layers, String more) {
    String recipe =
        """
        name = memory
        data { kind = digits, batch-size = %d }
        model { kind = layers, layers = [ %s ] }
        federation = fedavg, prune.sparsity = 0
        %s
        """
            .formatted(batch, layers, more);
    return PreparedFederation.of(
        new RecipeLoader().parse("memory", recipe, List.of()).config(),
        DataHome.of(Path.of("target")));
  }
}
