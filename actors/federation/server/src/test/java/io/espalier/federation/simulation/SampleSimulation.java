package io.espalier.federation.simulation;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.federation.server.FederationSession;
import io.espalier.telemetry.event.Event;
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
import java.util.function.BooleanSupplier;

/** The shipped recipe {@code fed-digits} with overrides, played in a directory. */
final class SampleSimulation {
  final ResolvedRecipe recipe;
  final PreparedFederation federation;
  private final SimulationPlan plan;
  private final Path home;
  private final String kafka;
  final List<Event> events = new ArrayList<>();

  SampleSimulation(Path home, String kafka, SimulationPlan plan, String... overrides) {
    this(home, kafka, plan, new RecipeLoader().load("fed-digits", all(overrides)));
  }

  private static List<String> all(String... overrides) {
    List<String> all = new ArrayList<>(List.of("federation.rounds=5", "federation.cohort=3"));
    all.addAll(List.of(overrides));
    return all;
  }

  /** Another recipe on the digits. */
  SampleSimulation(Path home, String kafka, SimulationPlan plan, ResolvedRecipe recipe) {
    this.home = home;
    this.kafka = kafka;
    this.plan = plan;
    this.recipe = recipe;
    this.federation = PreparedFederation.of(recipe.config(), DataHome.of(home));
  }

  RunResult play(Path out) throws IOException {
    return play(out, () -> false);
  }

  RunResult play(Path out, BooleanSupplier stop) throws IOException {
    try (RunDirectory directory = RunDirectory.create(out, recipe.text())) {
      return play(directory, SimulationFiles.create(out, plan), stop);
    }
  }

  RunResult resume(Path out) throws IOException {
    try (RunDirectory directory = RunDirectory.resume(out)) {
      return play(directory, SimulationFiles.open(out), () -> false);
    }
  }

  private RunResult play(RunDirectory directory, SimulationFiles files, BooleanSupplier stop)
      throws IOException {
    Population population = Population.of(federation, files.plan(), files.folder());
    RunSession.Request request =
        new RunSession.Request(
            federation.values(),
            recipe.text(),
            directory,
            home,
            Optional.of(BrokerAccess.of(kafka)),
            events::add,
            notice -> {},
            warning -> {});
    try (FederationSession session = FederationSession.start(federation, request)) {
      return Simulation.of(federation, population, files, session).run(stop, seconds -> {});
    }
  }
}
