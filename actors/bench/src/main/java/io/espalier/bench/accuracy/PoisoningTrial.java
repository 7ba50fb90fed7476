package io.espalier.bench.accuracy;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.federation.server.FederationSession;
import io.espalier.federation.simulation.Population;
import io.espalier.federation.simulation.Simulation;
import io.espalier.federation.simulation.SimulationFiles;
import io.espalier.federation.simulation.SimulationPlan;
import io.espalier.telemetry.event.FederationEvent.RoundRejected;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.training.RunResult;
import io.espalier.training.run.RunDirectory;
import io.espalier.training.run.RunSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** One simulation of ten clients on the bundled digits, the last of them false. */
record PoisoningTrial(
    BenchPoisoningCommand.Setting setting,
    PoisoningRule rule,
    PoisoningScenario scenario,
    long seed) {
  private static final int CLIENTS = 10;
  private static final double ALPHA = 0.5;

  /** Nothing listens there: a bench ships no events. */
  private static final String NO_BROKER = "127.0.0.1:1";

  String key() {
    return "%s/%s/%d/%s".formatted(rule, scenario, seed, setting);
  }

  PoisoningResult run(BenchDirectory scratch) throws IOException {
    ResolvedRecipe recipe = new RecipeLoader().load("fed-digits", overrides());
    PreparedFederation federation =
        PreparedFederation.of(recipe.config(), DataHome.of(scratch.home()));
    Path out = scratch.run("%s-%s-%d".formatted(rule, scenario, seed));
    AtomicInteger rejected = new AtomicInteger();
    try (RunDirectory directory = RunDirectory.create(out, recipe.text())) {
      SimulationFiles files = SimulationFiles.create(out, plan());
      Population population = Population.of(federation, files.plan(), files.folder());
      RunSession.Request request =
          new RunSession.Request(
              federation.values(),
              recipe.text(),
              directory,
              scratch.home(),
              Optional.of(BrokerAccess.of(NO_BROKER)),
              event -> rejected.addAndGet(event instanceof RoundRejected ? 1 : 0),
              notice -> {},
              warning -> {});
      try (FederationSession session = FederationSession.start(federation, request)) {
        RunResult result =
            Simulation.of(federation, population, files, session).run(() -> false, seconds -> {});
        return result(result, rejected.get());
      }
    }
  }

  private List<String> overrides() {
    List<String> all =
        new ArrayList<>(
            List.of(
                "seed=" + seed,
                "federation=fedavg",
                "prune.sparsity=0",
                "federation.cohort=" + CLIENTS,
                "federation.rounds=" + setting.rounds(),
                "federation.evaluate-every=" + setting.rounds()));
    all.addAll(rule.overrides());
    all.addAll(setting.more());
    return all;
  }

  private SimulationPlan plan() {
    SimulationPlan honest =
        new SimulationPlan(
            CLIENTS,
            new SimulationPlan.Shards(Optional.of(ALPHA), Optional.empty()),
            new SimulationPlan.Devices(List.of(new SimulationPlan.DensityTier(1, 1))),
            new SimulationPlan.Presence("1", "0", 0));
    return scenario.hostile().map(honest::with).orElse(honest);
  }

  private PoisoningResult result(RunResult result, int rejected) {
    return new PoisoningResult(
        key(),
        rule,
        scenario,
        seed,
        result instanceof RunResult.Finished finished ? finished.run().test().accuracy() : 0,
        rejected,
        result instanceof RunResult.Failed failed ? failed.cause() : "");
  }
}
