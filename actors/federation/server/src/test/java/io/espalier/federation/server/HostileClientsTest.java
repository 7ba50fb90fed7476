package io.espalier.federation.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.federation.protocol.Task;
import io.espalier.masks.MaskSet;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.FederationEvent.RoundRejected;
import io.espalier.telemetry.event.HostEvent.AlertCleared;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients that send anything can do to a federation, over real connections. */
final class HostileClientsTest {
  private static final float HONEST = .01f;

  @TempDir private Path directory;

  /** 34 % of three are two, whose median is their mean. */
  @ParameterizedTest
  @ValueSource(strings = {"median", "{ kind = trimmed-mean, drop = 1 }"})
  void robustRound_withFewerReportsThanItsRuleTakes_waitsForAnotherClient(String rule)
      throws IOException {
    String federation =
        "federation { kind = fedavg, rounds = 1, cohort = 3, quorum = 34%, deadline = 1s, aggregation = "
            + rule
            + " }";
    try (SampleHost sample = SampleHost.start(directory.resolve("run"), federation)) {
      SampleClient silent = sample.client("anna");
      SampleClient honest = sample.client("berta");
      SampleClient hostile = sample.client("carla");
      float before = weight(sample);
      assertThat(silent.task().getRound()).isEqualTo("1");
      send(sample, honest, HONEST, SampleClient.EXAMPLES);
      send(sample, hostile, 1e3f, SampleClient.EXAMPLES);

      SampleClient another = sample.client("dora");
      send(sample, another, HONEST, SampleClient.EXAMPLES);

      assertThat(sample.await()).isInstanceOf(RunResult.Finished.class);
      assertThat(all(sample, RoundCompleted.class))
          .extracting(RoundCompleted::reported)
          .containsExactly(3);
      assertThat(weight(sample) - before).isBetween(.009f, .011f);
    }
  }

  @Test
  void mean_withAClientThatClaimsMostExamplesAndSendsAHugeUpdate_movesNoFurtherThanItsBounds()
      throws IOException {
    String federation =
        "federation { kind = fedavg, rounds = 1, cohort = 3, deadline = 60s, loss-bound = none%s }";

    assertThat(movedBy(directory.resolve("bounded"), federation.formatted("")))
        .as("1.5 times the honest change at a weight of 1.5 against it, a weight of 2 with it")
        .isBetween(-.072f * HONEST, -.071f * HONEST);
    assertThat(
            movedBy(
                directory.resolve("free"),
                federation.formatted(", norm-bound = none, weight-bound = none")))
        .isLessThan(-900);
  }

  private static float movedBy(Path path, String federation) throws IOException {
    try (SampleHost sample = SampleHost.start(path, federation)) {
      SampleClient anna = sample.client("anna");
      SampleClient berta = sample.client("berta");
      SampleClient hostile = sample.stranger("carla");
      hostile.claim(100_000);
      float before = weight(sample);
      send(sample, anna, HONEST, SampleClient.EXAMPLES);
      send(sample, berta, HONEST, SampleClient.EXAMPLES);
      send(sample, hostile, -1e3f, 100_000);

      assertThat(sample.await()).isInstanceOf(RunResult.Finished.class);
      return weight(sample) - before;
    }
  }

  @Test
  void merge_thatRaisesTheHeldOutLossBeyondItsBound_isNotAdoptedAndAlerts() throws IOException {
    String federation =
        "federation { kind = fedavg, rounds = 3, cohort = 2, deadline = 60s, norm-bound = none }";
    Path path = directory.resolve("run");
    try (SampleHost sample = SampleHost.start(path, federation)) {
      SampleClient anna = sample.client("anna");
      SampleClient hostile = sample.client("berta");
      float[] before = weights(sample);
      round(sample, anna, hostile, 1e3f);
      Task second = anna.task();

      assertThat(second.getRound()).isEqualTo("2");
      assertThat(weights(sample)).isEqualTo(before);
      RoundRejected rejected = all(sample, RoundRejected.class).get(0);
      assertThat(rejected.round()).isEqualTo("1");
      assertThat(rejected.largest()).isCloseTo(rejected.lossBefore() + Math.log(10), within(1e-9));
      assertThat(rejected.loss()).isGreaterThan(rejected.largest());
      assertThat(alerts(sample)).containsExactly(AlertRaised.LOSS_JUMP);
    }

    // And an attempt that resumes goes on from the model before, and clears the alert
    try (SampleHost sample = SampleHost.resume(path, federation)) {
      SampleClient anna = sample.client("anna");
      SampleClient berta = sample.client("berta");
      float before = weight(sample);
      round(sample, anna, berta, HONEST);
      round(sample, anna, berta, HONEST);

      assertThat(sample.await()).isInstanceOf(RunResult.Finished.class);
      assertThat(weight(sample) - before).isBetween(.019f, .021f);
      assertThat(all(sample, RoundRejected.class)).isEmpty();
      assertThat(all(sample, AlertCleared.class))
          .extracting(AlertCleared::kind)
          .contains(AlertRaised.LOSS_JUMP);
    }
  }

  @Test
  void merge_adoptedAfterOneThatWasNot_clearsTheAlert() throws IOException {
    String federation =
        "federation { kind = fedavg, rounds = 2, cohort = 2, deadline = 60s, norm-bound = none }";
    try (SampleHost sample = SampleHost.start(directory.resolve("run"), federation)) {
      SampleClient anna = sample.client("anna");
      SampleClient berta = sample.client("berta");
      round(sample, anna, berta, 1e3f);
      round(sample, anna, berta, HONEST);

      assertThat(sample.await()).isInstanceOf(RunResult.Finished.class);
      assertThat(alerts(sample)).containsExactly(AlertRaised.LOSS_JUMP);
      assertThat(all(sample, AlertCleared.class))
          .extracting(AlertCleared::text)
          .containsExactly("round 2 is adopted");
    }
  }

  private static List<String> alerts(SampleHost sample) {
    return all(sample, AlertRaised.class).stream().map(AlertRaised::kind).toList();
  }

  private static void round(
      SampleHost sample, SampleClient honest, SampleClient other, float change) {
    send(sample, honest, HONEST, SampleClient.EXAMPLES);
    send(sample, other, change, SampleClient.EXAMPLES);
  }

  /** Takes the next task, and sends a result in which every weight moves by {@code change}. */
  private static void send(SampleHost sample, SampleClient client, float change, int examples) {
    Task task = client.task();
    MaskSet holds = sample.host.session().course().model().masks().masks();
    byte[] result = client.result(holds, change, examples);
    assertThat(client.upload(client.header(task, result).build(), result)).isEqualTo("accepted");
  }

  private static float[] weights(SampleHost sample) {
    return sample.host.session().course().model().state().values(0, 0).clone();
  }

  /** The first weight that the masks keep. */
  private static float weight(SampleHost sample) {
    MaskSet masks = sample.host.session().course().model().masks().masks();
    return weights(sample)[firstKept(masks)];
  }

  private static int firstKept(MaskSet masks) {
    int unit = 0;
    while (!masks.masks().get(0).isKept(unit)) {
      unit++;
    }
    return unit;
  }

  private static <E extends Event> List<E> all(SampleHost sample, Class<E> kind) {
    return sample.events().stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
