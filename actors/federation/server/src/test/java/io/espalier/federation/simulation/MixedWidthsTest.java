package io.espalier.federation.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.FederationEvent.ClientJoined;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.FederationEvent.TierEvaluated;
import io.espalier.telemetry.event.FederationEvent.UpdateRefused;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.federated.NestedNetworks;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Simulations whose clients have networks of several widths. */
final class MixedWidthsTest {
  private static final String RECIPE =
      """
      name = widths, seed = 3
      data { kind = digits, batch-size = 20 }
      model { kind = layers, layers = [
        { kind = convolution, outputs = 12, kernel = 3, padding = 1 }, batch-norm, relu
        { kind = max-pool, kernel = 2 }, flatten
        { kind = linear, outputs = 48 }, relu, { kind = linear, outputs = classes } ] }
      train { learning-rate { kind = constant, initial = 0.05 } }
      prune { sparsity = 70%, schedule { kind = cubic, begin = 10%, end = 70%, updates = 3 } }
      federation { kind = fedavg, rounds = 10, cohort = 6, local-epochs = 2, encoding = int8
                   widths = [100%, 50%, 25%] }
      """;
  private static final String SHORT = RECIPE.replace("rounds = 10", "rounds = 3");
  private static final List<SimulationPlan.WidthTier> THIRDS =
      List.of(
          new SimulationPlan.WidthTier(1, 1 / 3.0),
          new SimulationPlan.WidthTier(.5, 1 / 3.0),
          new SimulationPlan.WidthTier(.25, 1 / 3.0));

  @TempDir private static Path shared;
  private static EmbeddedBroker broker;

  @TempDir private Path directory;

  @BeforeAll
  static void startBroker() throws IOException {
    broker = EmbeddedBroker.start(shared.resolve("kafka"));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void simulation_ofThreeWidths_learnsForAllOfThem() throws IOException {
    SampleSimulation simulation = simulation(RECIPE, THIRDS);

    RunResult result = simulation.play(directory.resolve("run"));

    assertThat(result).isInstanceOf(RunResult.Finished.class);
    assertThat(((RunResult.Finished) result).run().test().accuracy()).isGreaterThan(.75);
    assertThat(of(simulation, UpdateRefused.class)).isEmpty();
    assertThat(of(simulation, ClientJoined.class))
        .extracting(ClientJoined::width)
        .containsExactly(
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.of(.5),
            OptionalDouble.of(.5),
            OptionalDouble.of(.25),
            OptionalDouble.of(.25));
    List<TierEvaluated> tiers = of(simulation, TierEvaluated.class);
    assertThat(tiers.subList(tiers.size() - 3, tiers.size()))
        .extracting(TierEvaluated::width)
        .containsExactly(OptionalDouble.of(.25), OptionalDouble.of(.5), OptionalDouble.empty());
    assertThat(tiers.subList(tiers.size() - 3, tiers.size()))
        .allSatisfy(tier -> assertThat(tier.accuracy()).isGreaterThan(.4));
  }

  @Test
  void simulation_ofNarrowClients_sendsLess() throws IOException {
    SampleSimulation wide = simulation(SHORT, List.of(new SimulationPlan.WidthTier(1, 1)));
    SampleSimulation narrow = simulation(SHORT, THIRDS);

    var unused = wide.play(directory.resolve("wide"));
    unused = narrow.play(directory.resolve("narrow"));

    assertThat(of(narrow, RoundCompleted.class).get(0).bytesUp())
        .isLessThan(of(wide, RoundCompleted.class).get(0).bytesUp() * 2 / 3);
  }

  /** As {@code espalier edge --memory-cap} has it: the server chooses by what training takes. */
  @Test
  void simulation_ofMemoryCaps_hasTheWidestNetworkThatFitsEach() throws IOException {
    // Given caps that just hold the network of a width, and one of a byte less than the whole
    List<SimulationPlan.MemoryTier> caps =
        List.of(
            new SimulationPlan.MemoryTier(bytes(1), 1 / 3.0),
            new SimulationPlan.MemoryTier(bytes(1) - 1, 1 / 3.0),
            new SimulationPlan.MemoryTier(bytes(.25), 1 / 3.0));
    SampleSimulation chosen = simulation(SHORT, caps(caps));
    SampleSimulation given = simulation(SHORT, THIRDS);

    // When they are played, beside the widths that they should come to
    RunResult result = chosen.play(directory.resolve("chosen"));
    RunResult expected = given.play(directory.resolve("given"));

    // Then it is the same federation
    assertThat(of(chosen, ClientJoined.class))
        .extracting(ClientJoined::width)
        .containsExactlyElementsOf(
            of(given, ClientJoined.class).stream().map(ClientJoined::width).toList());
    assertThat(digest(result)).isEqualTo(digest(expected));
  }

  @Test
  void memoryCap_belowTheNarrowestNetwork_isRefusedWithBothNumbers() {
    long least = bytes(.25);
    SampleSimulation simulation =
        simulation(SHORT, caps(List.of(new SimulationPlan.MemoryTier(least - 1, 1))));

    assertThatThrownBy(() -> simulation.play(directory.resolve("run")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(
            "memory-cap=%d bytes, needed=%d bytes, width=0.25; raise --memory-caps, or add a narrower width"
                .formatted(least - 1, least));
  }

  /** Widths that no client has change nothing. */
  @Test
  void simulation_ofWholeClients_isThatWithoutWidths() throws IOException {
    SampleSimulation with = simulation(SHORT, List.of(new SimulationPlan.WidthTier(1, 1)));
    SampleSimulation without =
        new SampleSimulation(
            shared,
            broker.address(),
            plan(Optional.empty()),
            new RecipeLoader()
                .parse("widths", SHORT.replace("widths = [100%, 50%, 25%]", ""), List.of()));

    assertThat(digest(with.play(directory.resolve("with"))))
        .isEqualTo(digest(without.play(directory.resolve("without"))));
  }

  @Test
  void simulation_thatStops_goesOnToTheSameBits() throws IOException {
    // Given one that is played at once, and one that stops after two rounds
    RunResult expected = simulation(SHORT, THIRDS).play(directory.resolve("whole"));
    AtomicInteger rounds = new AtomicInteger();
    SampleSimulation broken = simulation(SHORT, THIRDS);
    RunResult stopped =
        broken.play(directory.resolve("broken"), () -> rounds.incrementAndGet() == 2);
    assertThat(stopped).isInstanceOf(RunResult.Paused.class);

    // When it goes on
    RunResult result = simulation(SHORT, THIRDS).resume(directory.resolve("broken"));

    // Then model and what clients owe are the same
    assertThat(digest(result)).isEqualTo(digest(expected));
  }

  @Test
  void width_thatTheRecipeHasNot_isRefused() {
    SampleSimulation simulation = simulation(RECIPE, List.of(new SimulationPlan.WidthTier(.3, 1)));

    assertThatThrownBy(() -> simulation.play(directory.resolve("run")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("must have the widths of all clients: width=0.3");
  }

  private SampleSimulation simulation(String recipe, List<SimulationPlan.WidthTier> widths) {
    return simulation(recipe, plan(Optional.of(widths)));
  }

  private SampleSimulation simulation(String recipe, SimulationPlan plan) {
    return new SampleSimulation(
        shared, broker.address(), plan, new RecipeLoader().parse("widths", recipe, List.of()));
  }

  private static long bytes(double width) {
    var config = new RecipeLoader().parse("widths", SHORT, List.of()).config();
    return NestedNetworks.of(PreparedFederation.of(config, DataHome.of(shared)))
        .at(width)
        .trainingBytes();
  }

  private static SimulationPlan caps(List<SimulationPlan.MemoryTier> caps) {
    return plan(Optional.empty(), Optional.of(caps));
  }

  private static SimulationPlan plan(Optional<List<SimulationPlan.WidthTier>> widths) {
    return plan(widths, Optional.empty());
  }

  private static SimulationPlan plan(
      Optional<List<SimulationPlan.WidthTier>> widths,
      Optional<List<SimulationPlan.MemoryTier>> caps) {
    return new SimulationPlan(
        6,
        new SimulationPlan.Shards(Optional.of(1.0), Optional.of(600)),
        new SimulationPlan.Devices(List.of(new SimulationPlan.DensityTier(1, 1)), widths, caps),
        new SimulationPlan.Presence("1", "0", 0));
  }

  private static String digest(RunResult result) {
    return ((RunResult.Finished) result).run().committed().digest();
  }

  private static <T extends Event> List<T> of(SampleSimulation simulation, Class<T> kind) {
    return simulation.events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
