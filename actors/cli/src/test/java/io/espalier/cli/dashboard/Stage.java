package io.espalier.cli.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.cli.serve.DashboardProcess;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.federation.server.FederationSession;
import io.espalier.federation.simulation.Population;
import io.espalier.federation.simulation.Simulation;
import io.espalier.federation.simulation.SimulationFiles;
import io.espalier.federation.simulation.SimulationPlan;
import io.espalier.service.http.HttpSettings;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import io.espalier.telemetry.outbox.RunIdFile;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.training.RunResult;
import io.espalier.training.run.RunDirectory;
import io.espalier.training.run.RunSession;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.agrona.CloseHelper;

/** A real broker, real runs that ship to it, and a dashboard by itself that reads it. */
final class Stage implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final BrokerAccess access;
  private EmbeddedBroker broker;
  private DashboardProcess dashboard;

  Stage(Path directory) throws IOException {
    this.directory = directory;
    broker = EmbeddedBroker.start(kafka());
    access = BrokerAccess.of(broker.address());
    dashboard = dashboard(0);
  }

  private Path kafka() {
    return directory.resolve("kafka");
  }

  private DashboardProcess dashboard(int port) throws IOException {
    return DashboardProcess.start(
        directory, Optional.of(access), HttpSettings.loopback(port), List.of());
  }

  BrokerAccess access() {
    return access;
  }

  URI page() {
    return dashboard.page();
  }

  /** Ends the server of the page, does something, and starts one at the same address. */
  void withoutDashboard(Runnable work) throws IOException {
    int port = dashboard.page().getPort();
    dashboard.close();
    work.run();
    dashboard = dashboard(port);
  }

  /** Ends the broker, does something, and starts one at the same address, with the same log. */
  void withoutBroker(Runnable work) throws IOException {
    broker.close();
    work.run();
    broker =
        EmbeddedBroker.start(kafka(), Integer.parseInt(access.address().replaceFirst(".*:", "")));
    if (!broker.address().equals(access.address())) {
      throw new IllegalStateException(
          "the broker must come back where it was: " + broker.address());
    }
  }

  /** Trains the recipe {@code digits} to its end, under an id that is its name; returns where. */
  Path train(String name, String... overrides) throws IOException {
    return train(directory.resolve(name), Optional.of(new RunId(name)), overrides);
  }

  /** Trains the recipe {@code digits} to its end, under an id of its own. */
  void trainIn(Path out, String... overrides) throws IOException {
    train(out, Optional.empty(), overrides);
  }

  private Path train(Path out, Optional<RunId> id, String... overrides) throws IOException {
    ResolvedRecipe recipe = new RecipeLoader().load("digits", List.of(overrides));
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(directory));
    try (RunDirectory at = RunDirectory.create(out, recipe.text())) {
      if (id.isPresent()) {
        RunIdFile.write(out, id.get());
      }
      try (RunSession session = RunSession.start(request(run, recipe, at))) {
        requireFinished(session.await());
      }
    }
    return out;
  }

  /** Plays a federation of six clients in two density tiers to its end; returns where. */
  Path simulate(String name, String... overrides) throws IOException {
    ResolvedRecipe recipe = new RecipeLoader().load("fed-digits", List.of(overrides));
    PreparedFederation federation = PreparedFederation.of(recipe.config(), DataHome.of(directory));
    SimulationPlan plan =
        new SimulationPlan(
            6,
            new SimulationPlan.Shards(Optional.empty(), Optional.empty()),
            new SimulationPlan.Devices(
                List.of(
                    new SimulationPlan.DensityTier(1, 0.5),
                    new SimulationPlan.DensityTier(0.05, 0.5))),
            new SimulationPlan.Presence("1", "1", 0));
    Path out = directory.resolve(name);
    try (RunDirectory at = RunDirectory.create(out, recipe.text())) {
      RunIdFile.write(out, new RunId(name));
      SimulationFiles files = SimulationFiles.create(out, plan);
      Population population = Population.of(federation, plan, files.folder());
      try (FederationSession session =
          FederationSession.start(federation, request(federation.values(), recipe, at))) {
        requireFinished(
            Simulation.of(federation, population, files, session).run(() -> false, seconds -> {}));
      }
    }
    return out;
  }

  private RunSession.Request request(PreparedRun run, ResolvedRecipe recipe, RunDirectory at) {
    return new RunSession.Request(
        run,
        recipe.text(),
        at,
        directory,
        Optional.of(access),
        event -> {},
        notice -> {},
        warning -> {});
  }

  private static void requireFinished(RunResult result) {
    if (!(result instanceof RunResult.Finished)) {
      throw new AssertionError("a run must come to its end: " + result);
    }
  }

  static JsonNode summary(Path run) throws IOException {
    return JSON.readTree(run.resolve("summary.json").toFile());
  }

  @Override
  public void close() {
    CloseHelper.closeAll(dashboard, broker);
  }
}
