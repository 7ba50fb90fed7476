package io.espalier.cli.federation;

import io.espalier.configs.RoundsConfig;
import io.espalier.federation.server.DeviceTier;
import io.espalier.federation.simulation.Population;
import io.espalier.federation.simulation.VirtualClient;
import io.espalier.masks.MaskSet;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.run.FinishedRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.IntSummaryStatistics;
import java.util.Locale;
import java.util.stream.Collectors;

/** Says in a few lines what a simulation is going to do, and what came of it. */
final class SimulationText {
  private SimulationText() {}

  static void describe(
      PrintWriter out, PreparedFederation federation, Population population, Path directory) {
    IntSummaryStatistics examples =
        population.clients().stream().mapToInt(VirtualClient::examples).summaryStatistics();
    RoundsConfig rounds = federation.rounds();
    out.printf(Locale.ROOT, "run       %s (every setting is in its recipe.conf)%n", directory);
    out.printf(
        Locale.ROOT,
        "data      %s: %,d training examples with clients, %,d with the server, %,d test examples%n",
        federation.run().dataset().name(),
        examples.getSum(),
        rounds.serverExamples(),
        federation.run().dataset().test().count());
    out.printf(
        Locale.ROOT,
        "network   %s: %,d prunable weights%n",
        federation.run().config().model().architecture().kind(),
        federation.run().plan().prunable());
    out.printf(
        Locale.ROOT,
        "clients   %,d with %,d to %,d examples each; density cap: %s%n",
        population.clients().size(),
        examples.getMin(),
        examples.getMax(),
        population.tiers().entrySet().stream()
            .map(tier -> held(tier.getKey()) + " of " + tier.getValue())
            .collect(Collectors.joining(", ")));
    out.printf(
        Locale.ROOT,
        "plan      %,d rounds of %,d clients, %d local epochs%n",
        rounds.rounds(),
        rounds.cohort(),
        rounds.localEpochs());
    out.flush();
  }

  private static String held(DeviceTier tier) {
    return tier.width() < 1
        ? "%s in width %s".formatted(tier.cap(), tier.width())
        : "" + tier.cap();
  }

  static void result(PrintWriter out, FinishedRun run) {
    MaskSet masks = run.committed().masks().masks();
    out.printf(
        Locale.ROOT,
        "result    accuracy %.2f%% on the test set at %.2f%% sparsity (%,d of %,d weights kept)%n",
        100 * run.test().accuracy(),
        100 * masks.sparsity(),
        masks.kept(),
        masks.total());
  }
}
