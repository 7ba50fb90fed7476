package io.espalier.federation.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.configs.fault.CrashPoint;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.masks.MaskSet;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.FederationEvent.ClientJoined;
import io.espalier.telemetry.event.FederationEvent.ClientLate;
import io.espalier.telemetry.event.FederationEvent.ClientReported;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.FederationEvent.RoundStarted;
import io.espalier.telemetry.event.FederationEvent.TierEvaluated;
import io.espalier.telemetry.event.FederationEvent.UpdateRefused;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import io.espalier.trainer.federated.NestedNetworks;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.federated.RoundWork;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.StateLayout;
import io.espalier.training.RunResult;
import io.espalier.training.run.InvalidRunDirectoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SimulationTest {
  private static final List<SimulationPlan.DensityTier> ALL =
      List.of(new SimulationPlan.DensityTier(1, 1));
  private static final List<SimulationPlan.DensityTier> HALVES =
      List.of(new SimulationPlan.DensityTier(1, 0.5), new SimulationPlan.DensityTier(0.05, 0.5));

  /** Clients come, go, differ in size and speed, and are too late now and then. */
  private static final SimulationPlan LIVELY =
      new SimulationPlan(
          12,
          new SimulationPlan.Shards(Optional.of(0.5), Optional.of(400)),
          new SimulationPlan.Devices(HALVES),
          new SimulationPlan.Presence("0.8", "0.7", 0.2));

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

  @AfterEach
  void disarm() {
    CrashPoint.disarm();
  }

  @Test
  void simulation_playedTwice_isTheSame() throws IOException {
    // Given two simulations alike
    SampleSimulation one = lively();
    SampleSimulation other = lively();

    // When both are played
    RunResult first = one.play(directory.resolve("one"));
    RunResult second = other.play(directory.resolve("other"));

    // Then model, rounds and clients are the same
    assertThat(digest(first)).isEqualTo(digest(second));
    assertThat(rounds(one.events)).hasSize(7).isEqualTo(rounds(other.events));
    assertThat(of(one.events, ClientReported.class))
        .isEqualTo(of(other.events, ClientReported.class));
    assertThat(of(one.events, ClientLate.class)).isEqualTo(of(other.events, ClientLate.class));
    assertThat(of(one.events, MasksUpdated.class))
        .isNotEmpty()
        .allSatisfy(update -> assertThat(update.targetSparsity()).isEqualTo(0.9));
    assertThat(of(one.events, AlertRaised.class)).isEmpty();
    assertThat(of(one.events, TierEvaluated.class))
        .isEqualTo(of(other.events, TierEvaluated.class))
        .hasSize(10);
  }

  /** What needs no data goes with fedavg as with trainers of one process. */
  @Test
  void simulation_byLampWithRegrowth_stopsAndGoesOnToTheSameBits() throws IOException {
    // Given a recipe whose score, allocation and regrowth look at no data
    ResolvedRecipe recipe =
        new RecipeLoader()
            .parse(
                "lamp",
                """
                name = lamp, seed = 5
                data { kind = digits, batch-size = 16 }
                model { kind = mlp, hidden = [32] }
                prune { sparsity = 80%, score = lamp, allocation = erk
                        schedule { kind = cubic, begin = 0%, end = 75%, updates = 3 }
                        regrowth { kind = set, every = 1 } }
                federation { kind = fedavg, rounds = 6, cohort = 3 }
                """,
                List.of());
    SampleSimulation whole = new SampleSimulation(shared, broker.address(), LIVELY, recipe);
    SampleSimulation halted = new SampleSimulation(shared, broker.address(), LIVELY, recipe);
    Path out = directory.resolve("halted");

    // When one is played to its end, and the other stops on its way and goes on
    RunResult first = whole.play(directory.resolve("whole"));
    AtomicInteger asked = new AtomicInteger();
    RunResult paused = halted.play(out, () -> asked.incrementAndGet() > 2);
    RunResult second = halted.resume(out);

    // Then both end in the same bits, and weights have returned
    assertThat(paused).isInstanceOf(RunResult.Paused.class);
    assertThat(digest(second)).isEqualTo(digest(first));
    List<MasksUpdated> updates = of(whole.events, MasksUpdated.class);
    assertThat(updates)
        .anySatisfy(
            update ->
                assertThat(update.parameters())
                    .anySatisfy(each -> assertThat(each.regrown()).isPositive()));
    assertThat(updates.get(updates.size() - 1).kept())
        .isEqualTo(whole.federation.run().plan().finalKept());
  }

  @Test
  void events_ofASimulation_addUpToItsSummary() throws IOException {
    // Given a lively simulation
    SampleSimulation simulation = lively();

    // When it is played
    RunResult result = simulation.play(directory.resolve("run"));

    // Then each round's events and the summary agree
    assertThat(result).isInstanceOf(RunResult.Finished.class);
    List<RoundCompleted> rounds = of(simulation.events, RoundCompleted.class);
    assertThat(of(simulation.events, ClientJoined.class)).hasSize(12);
    assertThat(of(simulation.events, RoundStarted.class)).hasSize(rounds.size());
    assertThat(of(simulation.events, ClientReported.class))
        .hasSize(rounds.stream().mapToInt(RoundCompleted::reported).sum());
    assertThat(of(simulation.events, ClientLate.class))
        .hasSize(rounds.stream().mapToInt(each -> each.late() + each.lost()).sum());
    JsonNode summary = new ObjectMapper().readTree(directory.resolve("run/summary.json").toFile());
    assertThat(summary.get("clients").asInt()).isEqualTo(12);
    assertThat(summary.get("updatesAccepted").asInt())
        .isEqualTo(rounds.stream().mapToInt(RoundCompleted::reported).sum());
    assertThat(summary.get("clientsLost").asInt())
        .isEqualTo(rounds.stream().mapToInt(RoundCompleted::lost).sum());
    assertThat(summary.get("bytesSent").asLong())
        .isEqualTo(rounds.stream().mapToLong(each -> each.bytesUp() + each.bytesDown()).sum());
    assertThat(summary.get("virtualSeconds").asDouble()).isPositive();
    assertThat(summary.get("peakResidentBytes").asLong()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 6})
  void simulation_thatDiesAtACheckpoint_goesOnToTheSameBits(int checkpoint) throws IOException {
    // Given one that is never interrupted, and one that dies while it writes a checkpoint
    SampleSimulation whole = lively();
    RunResult expected = whole.play(directory.resolve("whole"));
    Path out = directory.resolve("broken");
    dieAt(checkpoint);
    assertThatThrownBy(() -> lively().play(out)).hasMessage("dead");
    CrashPoint.disarm();

    // When it is resumed
    SampleSimulation resumed = lively();
    RunResult result = resumed.resume(out);

    // Then it ends in the same model, by the same rounds at the same times
    assertThat(digest(result)).isEqualTo(digest(expected));
    List<String> left = rounds(resumed.events);
    List<String> all = rounds(whole.events);
    assertThat(left).isEqualTo(all.subList(all.size() - left.size(), all.size()));
    assertThat(facts(out)).isEqualTo(facts(directory.resolve("whole")));
  }

  @Test
  void simulation_withRoundedUpdates_goesOnWithWhatItsClientsOwe() throws IOException {
    // Given updates of one byte per value
    String[] recipe = {"federation.encoding=int8", "federation.rounds=8"};
    RunResult expected = played(LIVELY, recipe).play(directory.resolve("whole"));
    Path out = directory.resolve("broken");
    dieAt(6);
    assertThatThrownBy(() -> played(LIVELY, recipe).play(out)).hasMessage("dead");
    CrashPoint.disarm();

    // When the run is resumed
    RunResult result = played(LIVELY, recipe).resume(out);

    // Then it ends in the same bits, and few files are left of each client
    assertThat(digest(result)).isEqualTo(digest(expected));
    try (Stream<Path> clients = Files.list(out.resolve("simulation/owed"))) {
      assertThat(clients.toList())
          .isNotEmpty()
          .allSatisfy(client -> assertThat(client.toFile().list()).hasSizeBetween(1, 5));
    }
    try (Stream<Path> states = Files.list(out.resolve("simulation"))) {
      assertThat(states.filter(each -> each.getFileName().toString().startsWith("round-")))
          .hasSize(4);
    }
  }

  @Test
  void simulation_thatIsStopped_goesOnToTheSameBits() throws IOException {
    // Given one that is asked to stop from the start on
    RunResult expected = lively().play(directory.resolve("whole"));
    Path out = directory.resolve("stopped");

    // When it stops after the choice among the candidates, and is resumed
    RunResult stopped = lively().play(out, () -> true);
    RunResult result = lively().resume(out);

    // Then nothing is lost
    assertThat(stopped).isEqualTo(new RunResult.Paused(0));
    assertThat(digest(result)).isEqualTo(digest(expected));
  }

  @Test
  void resume_ofARunThatIsNoSimulation_isRefused() throws IOException {
    Files.writeString(directory.resolve("recipe.conf"), lively().recipe.text());

    assertThat(SimulationFiles.areIn(directory)).isFalse();
    assertThatThrownBy(() -> lively().resume(directory))
        .isInstanceOf(InvalidRunDirectoryException.class)
        .hasMessageContaining("a simulation to resume must have a simulation/plan.json");
  }

  @Test
  void bytes_ofClientsThatStayUpToDate_areThoseOfLivingValues() throws IOException {
    // Given clients that are always all there, under masks that do not change
    SimulationPlan plan =
        new SimulationPlan(
            3,
            new SimulationPlan.Shards(Optional.empty(), Optional.of(120)),
            new SimulationPlan.Devices(ALL),
            new SimulationPlan.Presence("1", "0", 0));
    SampleSimulation simulation =
        played(plan, "federation.candidates=1", "federation.adjust-until=0");

    // When it is played
    simulation.play(directory.resolve("run"));

    // Then masks travel once, and each round costs the same from then on
    List<RoundCompleted> rounds = of(simulation.events, RoundCompleted.class);
    assertThat(rounds).hasSize(5);
    assertThat(rounds.get(0).bytesDown()).isGreaterThan(rounds.get(1).bytesDown());
    assertThat(rounds.subList(1, 5))
        .allSatisfy(round -> assertThat(round.bytesDown()).isEqualTo(rounds.get(1).bytesDown()))
        .allSatisfy(
            round -> assertThat(round.bytesUp()).isEqualTo(round.bytesDown() + 3 * (12 + 16)));
    assertThat(rounds.get(1).bytesDown()).isEqualTo(3L * 4 * values(simulation, rounds.get(1)));
    assertThat(rounds.get(1).bytesDense()).isEqualTo(2L * 3 * 4 * values(simulation));
  }

  @Test
  void updates_beyondTheLargestNorm_areRefusedAndTold() throws IOException {
    // Given a bound that every update breaks
    SampleSimulation simulation =
        played(
            new SimulationPlan(
                3,
                new SimulationPlan.Shards(Optional.empty(), Optional.of(120)),
                new SimulationPlan.Devices(ALL),
                new SimulationPlan.Presence("1", "0", 0)),
            "federation.candidates=1",
            "federation.largest-norm=1e-6");

    // When it is played
    RunResult result = simulation.play(directory.resolve("run"));

    // Then no round can close
    assertThat(result).isInstanceOf(RunResult.Failed.class);
    assertThat(((RunResult.Failed) result).cause()).contains("a round needs its quorum of clients");
    assertThat(of(simulation.events, UpdateRefused.class))
        .hasSize(3)
        .allSatisfy(each -> assertThat(each.reason()).isEqualTo("norm-beyond-bound"));
  }

  @Test
  void memory_forTenTimesTheClients_isTheSameShardsAndOneNumberEach() throws IOException {
    // Given a hundred and a thousand clients of the same examples
    Population hundred = population(100);
    Population thousand = population(1000);

    // When all of them have taken part in a round
    SimulationMemory few = afterARound(hundred);
    SimulationMemory many = afterARound(thousand);

    // Then examples and masks take as much as before
    assertThat(examples(hundred)).isEqualTo(1_338).isEqualTo(examples(thousand));
    assertThat(few.state().masks()).hasSize(1);
    assertThat(many.state().masks()).hasSize(1);
    assertThat(few.state().held()).hasSize(100);
    assertThat(many.state().held()).hasSize(1000);
  }

  private static SimulationMemory afterARound(Population population) {
    PreparedFederation federation = lively().federation;
    SimulationMemory memory =
        new SimulationMemory(
            population,
            NestedNetworks.of(federation),
            MaskSet.dense(federation.values().layout(), federation.values().prunableIds()),
            Optional.empty());
    List<String> names = population.clients().stream().map(VirtualClient::name).toList();
    RoundWork work = new RoundWork("1", RoundWork.Kind.TRAIN, 0, 0.1, List.of());
    VirtualRound.Outcome outcome =
        new VirtualRound.Outcome(0, 5_000, names.size(), names, List.of(), List.of(), names, 0, 0);
    memory.learn(outcome, work);
    return memory;
  }

  private Population population(int clients) throws IOException {
    SimulationPlan plan =
        new SimulationPlan(
            clients,
            new SimulationPlan.Shards(Optional.of(0.5), Optional.empty()),
            new SimulationPlan.Devices(HALVES),
            new SimulationPlan.Presence("1", "0", 0));
    return Population.of(lively().federation, plan, directory);
  }

  private static int examples(Population population) {
    return population.clients().stream().mapToInt(VirtualClient::examples).sum();
  }

  private static SampleSimulation lively() {
    return played(LIVELY);
  }

  private static SampleSimulation played(SimulationPlan plan, String... overrides) {
    return new SampleSimulation(shared, broker.address(), plan, overrides);
  }

  /** Has the process die, as far as a test can, while it writes the checkpoint of that number. */
  private static void dieAt(int checkpoint) {
    AtomicInteger left = new AtomicInteger(checkpoint);
    CrashPoint.arm(
        point -> {
          if (point == CrashPoint.CHECKPOINT_FILLED && left.decrementAndGet() == 0) {
            throw new IllegalStateException("dead");
          }
        });
  }

  private static String digest(RunResult result) {
    assertThat(result).isInstanceOf(RunResult.Finished.class);
    return ((RunResult.Finished) result).run().committed().digest();
  }

  private static <T extends Event> List<T> of(List<Event> events, Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** All that a round came to, but for the real time that it took. */
  private static List<String> rounds(List<Event> events) {
    return of(events, RoundCompleted.class).stream()
        .map(
            each ->
                new RoundCompleted(
                        each.round(),
                        each.kind(),
                        each.completedRounds(),
                        each.invited(),
                        each.reported(),
                        each.late(),
                        each.lost(),
                        each.refused(),
                        each.examples(),
                        each.loss(),
                        each.bytesUp(),
                        each.bytesDown(),
                        each.bytesDense(),
                        each.maskVersion(),
                        each.pruned(),
                        each.regrown(),
                        0,
                        0)
                    .toString())
        .toList();
  }

  /** The summary of a run without what differs from attempt to attempt. */
  private static Map<String, JsonNode> facts(Path run) throws IOException {
    JsonNode summary = new ObjectMapper().readTree(run.resolve("summary.json").toFile());
    Map<String, JsonNode> facts = new TreeMap<>();
    summary.properties().forEach(each -> facts.put(each.getKey(), each.getValue()));
    facts
        .keySet()
        .removeAll(Set.of("run", "id", "wallSeconds", "roundsPerMinute", "peakResidentBytes"));
    return facts;
  }

  /** Values of the dense network, norm statistics included. */
  private static long values(SampleSimulation simulation) {
    return simulation.federation.values().stateLayout().entries().stream()
        .mapToLong(StateLayout.Entry::size)
        .sum();
  }

  /** The same without those that are pruned. */
  private static long values(SampleSimulation simulation, RoundCompleted round) {
    PreparedRun run = simulation.federation.values();
    long kept = Math.round(run.plan().prunable() * (1 - run.config().prune().target().sparsity()));
    assertThat(round.maskVersion()).isEqualTo(1);
    return values(simulation) - run.plan().prunable() + kept;
  }
}
