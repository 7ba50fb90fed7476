package io.espalier.federation.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.federation.simulation.SimulationPlan.Hostile;
import io.espalier.telemetry.event.FederationEvent.ClientReported;
import io.espalier.telemetry.event.FederationEvent.RoundRejected;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Simulations with false clients follow the rules of the server. */
final class AttackTest {
  private static final String NO_BROKER = "127.0.0.1:1";
  private static final String[] FREE = {
    "federation.norm-bound=none", "federation.weight-bound=none", "federation.loss-bound=none"
  };

  @TempDir private Path directory;

  @Test
  void clientThatScalesAndClaims_breaksAPlainMean_andNotOneWithBounds() throws IOException {
    Hostile hostile = new Hostile(1, Attack.SCALE, Optional.of(100_000));

    assertThat(simulation(hostile, FREE).play(directory.resolve("free")))
        .as("the true clients cannot train what it has made")
        .isInstanceOf(RunResult.Failed.class);
    assertThat(accuracy("bounded", hostile)).isGreaterThan(.4);
  }

  @Test
  void lossBoundAlone_keepsTheModelOfBeforeEachPoisonedRound() throws IOException {
    SampleSimulation simulation =
        simulation(
            new Hostile(1, Attack.SCALE, Optional.of(100_000)),
            "federation.norm-bound=none",
            "federation.weight-bound=none");

    simulation.play(directory.resolve("run"));

    assertThat(all(simulation, RoundRejected.class))
        .extracting(RoundRejected::round)
        .containsExactly("1", "2", "3");
  }

  @Test
  void hostileClients_areTheLast_andSendWhatTheyAreToSend() throws IOException {
    SampleSimulation honest = simulation(Optional.empty());
    SampleSimulation scaled = simulation(new Hostile(1, Attack.SCALE, Optional.of(1234)), FREE);
    honest.play(directory.resolve("honest"));
    scaled.play(directory.resolve("scaled"));

    List<ClientReported> true1 = first(honest);
    List<ClientReported> false1 = first(scaled);
    assertThat(false1.subList(0, 5)).isEqualTo(true1.subList(0, 5));
    assertThat(false1.get(5).examples()).isEqualTo(1234);
    assertThat(false1.get(5).updateNorm() / true1.get(5).updateNorm()).isBetween(99.99, 100.01);
  }

  @Test
  void clientWithWrongLabels_learnsAnotherUpdateOfItsOwn() throws IOException {
    SampleSimulation honest = simulation(Optional.empty());
    SampleSimulation flipped = simulation(new Hostile(2, Attack.LABEL_FLIP, Optional.empty()));
    honest.play(directory.resolve("honest"));
    flipped.play(directory.resolve("flipped"));

    assertThat(first(flipped).subList(0, 4)).isEqualTo(first(honest).subList(0, 4));
    for (int client = 4; client < 6; client++) {
      assertThat(first(flipped).get(client).loss().getAsDouble())
          .isNotEqualTo(first(honest).get(client).loss().getAsDouble());
      assertThat(first(flipped).get(client).examples())
          .isEqualTo(first(honest).get(client).examples());
    }
  }

  private double accuracy(String name, Hostile hostile, String... overrides) throws IOException {
    simulation(hostile, overrides).play(directory.resolve(name));
    JsonNode summary =
        new ObjectMapper().readTree(directory.resolve(name + "/summary.json").toFile());
    return summary.get("accuracy").asDouble();
  }

  private SampleSimulation simulation(Hostile hostile, String... overrides) {
    return simulation(Optional.of(hostile), overrides);
  }

  private SampleSimulation simulation(Optional<Hostile> hostile, String... overrides) {
    SimulationPlan plan =
        new SimulationPlan(
            6,
            new SimulationPlan.Shards(Optional.of(.5), Optional.empty()),
            new SimulationPlan.Devices(List.of(new SimulationPlan.DensityTier(1, 1))),
            new SimulationPlan.Presence("1", "0", 0));
    List<String> all =
        Stream.concat(
                Stream.of(
                    "federation=fedavg",
                    "prune.sparsity=0",
                    "federation.cohort=6",
                    "federation.rounds=3"),
                Arrays.stream(overrides))
            .toList();
    return new SampleSimulation(
        directory.resolve("home"),
        NO_BROKER,
        hostile.map(plan::with).orElse(plan),
        all.toArray(String[]::new));
  }

  private static List<ClientReported> first(SampleSimulation simulation) {
    return all(simulation, ClientReported.class).stream()
        .filter(each -> each.round().equals("1"))
        .sorted(Comparator.comparing(ClientReported::client))
        .toList();
  }

  private static <E> List<E> all(SampleSimulation simulation, Class<E> kind) {
    return simulation.events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
