package io.espalier.federation.server;

import static io.espalier.configs.fault.CrashPoint.CHECKPOINT_FILLED;
import static io.espalier.configs.fault.CrashPoint.CHECKPOINT_RENAMED;
import static io.espalier.configs.fault.CrashPoint.COHORT_CHOSEN;
import static io.espalier.configs.fault.CrashPoint.FILE_WRITTEN;
import static io.espalier.configs.fault.CrashPoint.MODEL_WRITTEN;
import static io.espalier.configs.fault.CrashPoint.RESULT_ACCEPTED;
import static io.espalier.configs.fault.CrashPoint.ROUND_CLOSED;
import static io.espalier.configs.fault.CrashPoint.ROUND_LEARNED;
import static io.espalier.configs.fault.CrashPoint.RUN_CONCLUDED;
import static io.espalier.configs.fault.CrashPoint.SUMMARY_WRITTEN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.configs.fault.CrashPoint;
import io.espalier.federation.client.ClientEvent;
import io.espalier.federation.client.EdgeClient;
import io.espalier.telemetry.event.FederationEvent.ClientReported;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import io.espalier.telemetry.outbox.RunHistory;
import io.espalier.training.run.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server's process dies in every state of a round, and its clients live on. */
@Tag("slow")
final class FederationCrashTest {
  private static final List<String> ROUNDS = List.of("norms", "losses", "1", "2", "3");
  private static final String RECIPE =
      """
      name = crashing, seed = 7
      data { kind = digits, batch-size = 20 }
      model { kind = layers, layers = [
        { kind = convolution, outputs = 4, kernel = 3, padding = 1 }, batch-norm, relu
        { kind = max-pool, kernel = 2 }, flatten, { kind = linear, outputs = classes } ] }
      train { learning-rate { kind = constant, initial = 0.05 } }
      prune { sparsity = 50% }
      federation { kind = fedtiny, rounds = 3, cohort = 2, quorum = 100%, deadline = 2s
        encoding = int8, candidates = 2, adjust-every = 2, adjust-until = 2, held-back = 10%
        server-examples = 40, server-epochs = 1 }
      """;

  /** Where the processes die, one after the other, and the round that they leave open. */
  private static final List<Step> STEPS =
      List.of(
          new Step(CHECKPOINT_FILLED, 1, ""),
          new Step(COHORT_CHOSEN, 1, "norms"),
          new Step(RESULT_ACCEPTED, 1, "norms"),
          new Step(ROUND_LEARNED, 1, "norms"),
          new Step(COHORT_CHOSEN, 1, "losses, norms"),
          new Step(RESULT_ACCEPTED, 2, "losses, norms"),
          new Step(ROUND_CLOSED, 1, "losses, norms"),
          new Step(ROUND_LEARNED, 2, "losses, norms"),
          new Step(COHORT_CHOSEN, 1, "1"),
          new Step(RESULT_ACCEPTED, 1, "1"),
          new Step(RESULT_ACCEPTED, 1, "1"),
          new Step(ROUND_CLOSED, 1, "1"),
          new Step(CHECKPOINT_FILLED, 1, "1"),
          new Step(CHECKPOINT_RENAMED, 1, "1"),
          new Step(COHORT_CHOSEN, 1, "2"),
          new Step(RESULT_ACCEPTED, 1, "2"),
          new Step(ROUND_CLOSED, 1, "2"),
          new Step(ROUND_LEARNED, 1, "2"),
          new Step(FILE_WRITTEN, 4, "3"),
          new Step(FILE_WRITTEN, 7, "3"),
          new Step(MODEL_WRITTEN, 1, ""),
          new Step(RUN_CONCLUDED, 1, ""),
          new Step(SUMMARY_WRITTEN, 1, ""));

  private static EmbeddedBroker broker;

  @TempDir private static Path shared;
  @TempDir private Path directory;

  /**
   * A death.
   *
   * @param open names of the rounds that are on disk then
   */
  private record Step(CrashPoint point, int time, String open) {}

  @BeforeAll
  static void startBroker() throws IOException {
    broker = EmbeddedBroker.start(shared.resolve("kafka"));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void server_diesInEveryState_endsWithTheSameBytesAndEachResultCounted() throws Exception {
    // Given
    Path calm = directory.resolve("calm");
    List<EdgeDevice> undisturbed = run(calm, List.of());

    // When
    Path rough = directory.resolve("rough");
    List<EdgeDevice> clients = run(rough, STEPS);

    // Then
    for (String file : List.of("model.safetensors", "masks.safetensors")) {
      assertThat(rough.resolve(file)).hasSameBinaryContentAs(calm.resolve(file));
    }
    for (List<EdgeDevice> devices : List.of(undisturbed, clients)) {
      for (EdgeDevice device : devices) {
        assertThat(device.all(ClientEvent.WorkDone.class))
            .extracting(ClientEvent.WorkDone::round)
            .containsExactlyElementsOf(ROUNDS);
        assertThat(outcomes(device)).containsExactlyElementsOf(ROUNDS);
      }
    }
    assertCountedOnce(calm);
    assertCountedOnce(rough);
  }

  /** Rounds whose result was answered, and at last one where the run's end came before that. */
  private static List<String> outcomes(EdgeDevice device) {
    List<ClientEvent.ReceiptMissed> missed = device.all(ClientEvent.ReceiptMissed.class);
    assertThat(missed).hasSizeLessThanOrEqualTo(1);
    return Stream.concat(
            device.all(ClientEvent.Delivered.class).stream().map(ClientEvent.Delivered::round),
            missed.stream().map(ClientEvent.ReceiptMissed::round))
        .toList();
  }

  /** A whole run; returns its clients once they have ended. */
  private List<EdgeDevice> run(Path out, List<Step> steps) throws Exception {
    Path recipe = Files.writeString(directory.resolve("recipe.conf"), RECIPE);
    List<EdgeDevice> devices = new ArrayList<>();
    try (CrashingServer server = new CrashingServer(recipe, out, shared, broker.address())) {
      for (int i = 1; i <= 2; i++) {
        devices.add(
            new EdgeDevice(
                "device-" + i,
                server.address(),
                i + "/2",
                200,
                out.resolveSibling(out.getFileName() + "-device-" + i)));
      }
      for (Step step : steps) {
        ChildJvm process =
            server.start(Optional.of(new CrashingServer.Death(step.point, step.time)));
        assertThat(process.await())
            .as("%s:%n%s", step, process.printed())
            .isEqualTo(CrashingServer.DIED);
        assertThat(openRounds(out)).as("%s", step).isEqualTo(step.open);
      }
      if (!Files.exists(out.resolve("summary.json"))) {
        ChildJvm process = server.start(Optional.empty());
        assertThat(process.await()).as(process.printed()).isZero();
      }
      for (EdgeDevice device : devices) {
        assertThat(device.await()).isInstanceOf(EdgeClient.Outcome.Finished.class);
      }
    } finally {
      devices.forEach(EdgeDevice::close);
    }
    return devices;
  }

  private static String openRounds(Path out) throws IOException {
    if (!Files.exists(out.resolve("rounds"))) {
      return "";
    }
    try (Stream<Path> rounds = Files.list(out.resolve("rounds"))) {
      return rounds
          .filter(Files::isDirectory)
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.equals("incoming"))
          .sorted()
          .collect(Collectors.joining(", "));
    }
  }

  private static void assertCountedOnce(Path out) throws IOException {
    JsonNode summary = new ObjectMapper().readTree(out.resolve("summary.json").toFile());
    assertThat(summary.get("updatesAccepted").asInt()).isEqualTo(ROUNDS.size() * 2);
    for (String none : List.of("updatesLate", "clientsLost", "updatesRefused")) {
      assertThat(summary.get(none).asInt()).as(none).isZero();
    }
    RunHistory history = RunHistory.read(out);
    Map<String, Integer> reported =
        history
            .all(RoundCompleted.class)
            .collect(
                Collectors.toMap(
                    RoundCompleted::round, RoundCompleted::reported, (older, newer) -> newer));
    assertThat(reported)
        .containsOnlyKeys(ROUNDS)
        .allSatisfy((key, n) -> assertThat(n).isEqualTo(2));
    assertThat(history.all(RoundCompleted.class).filter(round -> round.completedRounds() > 0))
        .hasSize(3);
    assertThat(
            history
                .all(ClientReported.class)
                .map(report -> report.round() + " " + report.client())
                .distinct())
        .as("told before or after a death, or both")
        .containsExactlyInAnyOrderElementsOf(
            ROUNDS.stream()
                .flatMap(round -> Stream.of(round + " device-1", round + " device-2"))
                .toList());
  }
}
