package io.espalier.telemetry.event;

import io.espalier.telemetry.event.FederationEvent.CandidateChosen;
import io.espalier.telemetry.event.FederationEvent.ClientJoined;
import io.espalier.telemetry.event.FederationEvent.ClientLate;
import io.espalier.telemetry.event.FederationEvent.ClientLeft;
import io.espalier.telemetry.event.FederationEvent.ClientReported;
import io.espalier.telemetry.event.FederationEvent.FederationDescribed;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.FederationEvent.RoundStarted;
import io.espalier.telemetry.event.FederationEvent.TierEvaluated;
import io.espalier.telemetry.event.FederationEvent.UpdateRefused;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.MaskEvent.ParameterMasks;
import io.espalier.telemetry.event.RunEvent.ParameterInfo;
import io.espalier.telemetry.event.RunEvent.ParametersDescribed;
import io.espalier.telemetry.event.RunEvent.Provenance;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;

/** The events of a believable federation: 24 clients of three sizes, 60 rounds, 5 % density. */
public final class SampleFederation {
  public static final int ROUNDS = 60;
  public static final int CLIENTS = 24;
  private static final int COHORT = 10;
  private static final int INVITED = 13;
  private static final double[] TIERS = {0.01, 0.02, 0.05};
  private static final double NARROW = 0.5;
  private static final List<ParameterInfo> PARAMETERS =
      List.of(
          new ParameterInfo("full1.weight", List.of(300L, 784L), 235_200, true, 235_200),
          new ParameterInfo("full1.bias", List.of(300L), 300, false, 0),
          new ParameterInfo("full2.weight", List.of(100L, 300L), 30_000, true, 30_000),
          new ParameterInfo("full2.bias", List.of(100L), 100, false, 0),
          new ParameterInfo("output.weight", List.of(10L, 100L), 1_000, true, 1_000),
          new ParameterInfo("output.bias", List.of(10L), 10, false, 0));
  private static final long[] KEPT = {9_800, 2_900, 610};
  private static final long PRUNABLE = 266_200;
  private static final long ALL_KEPT = 13_310;
  private static final long DENSE_BYTES = 4 * 266_610;

  private final Random random = new Random(11);
  private final List<Event> events = new ArrayList<>();
  private int version;

  private SampleFederation() {}

  public static List<Event> events(String name) {
    var federation = new SampleFederation();
    federation.begin(name);
    for (int round = 1; round <= ROUNDS; round++) {
      federation.round(round);
    }
    federation.finish();
    return federation.events;
  }

  private void begin(String name) {
    events.add(
        new Provenance(
            "0.1.0",
            "17.0.9",
            "Linux 6.1 amd64",
            2,
            Map.of("DJL", "0.36.0", "PyTorch", "2.7.1", "gRPC", "1.70.0"),
            42,
            1,
            1,
            "fashion-mnist",
            "sha256:9f2c5b1d0e6a47c3",
            "komihash:77aa01c29e4f",
            "name = \"" + name + "\"",
            Optional.empty()));
    events.add(new RunStarted(name, 1, 1, ROUNDS, 1, PRUNABLE, ALL_KEPT, 0.95));
    events.add(new ParametersDescribed(PARAMETERS));
    events.add(
        new FederationDescribed(
            "fedtiny", ROUNDS, COHORT, 6, 1.3, 2, "float16", List.of(0.01, 0.02, 0.05)));
    for (int client = 0; client < CLIENTS; client++) {
      events.add(
          new ClientJoined(
              client(client),
              TIERS[client % 3],
              examples(client),
              "demo 0.1",
              OptionalDouble.empty()));
    }
    selection("norms");
    selection("losses");
    events.add(new CandidateChosen(2, 4, List.of(2.41, 2.36, 2.29, 2.33)));
    masks(0, 0);
    evaluate(0, EvaluationCompleted.REGULAR);
  }

  private void selection(String round) {
    events.add(new RoundStarted(round, RoundCompleted.SELECTION, 0, 13, 13, CLIENTS, 0, 0));
    events.add(completed(round, RoundCompleted.SELECTION, 0, new int[] {13, 0, 0, 0}, 0));
  }

  private void round(int round) {
    boolean adjusts = round % 5 == 0 && round <= 40;
    String kind = adjusts ? RoundCompleted.ADJUSTMENT : RoundCompleted.ORDINARY;
    String name = Integer.toString(round);
    double rate = 0.05 * Math.pow(0.98, round);
    events.add(new RoundStarted(name, kind, round - 1, COHORT, INVITED, CLIENTS, version, rate));
    int lost = random.nextInt(6) == 0 ? 1 : 0;
    int late = INVITED - COHORT - lost - random.nextInt(2);
    int refused = random.nextInt(5) == 0 ? 1 : 0;
    for (int i = 0; i < INVITED; i++) {
      client((round * 7 + i) % CLIENTS, name, i < INVITED - lost - late, i >= INVITED - lost);
    }
    if (refused > 0) {
      refuse(round);
    }
    long turned = adjusts ? Math.round(0.15 * (1 + Math.cos(Math.PI * round / 40)) * 2_900) : 0;
    events.add(
        completed(
            name, kind, round, new int[] {INVITED - lost - late, late, lost, refused}, turned));
    if (adjusts) {
      masks(round, turned);
    }
    if (round % 2 == 0) {
      evaluate(round, EvaluationCompleted.REGULAR);
    }
  }

  private void client(int client, String round, boolean reports, boolean leaves) {
    String name = client(client);
    if (reports) {
      events.add(
          new ClientReported(
              name,
              round,
              examples(client),
              OptionalDouble.of(loss(Integer.parseInt(round)) + 0.1 * random.nextDouble()),
              0.4,
              Math.round(28_000 * TIERS[client % 3] / 0.05) + 2_400,
              2 + 3 * random.nextDouble(),
              version));
    } else if (leaves) {
      events.add(new ClientLeft(name, "stream ended"));
      events.add(
          new ClientJoined(
              name, TIERS[client % 3], examples(client), "demo 0.1", OptionalDouble.empty()));
    } else {
      events.add(new ClientLate(name, round, "the round closed with 10 reports"));
    }
  }

  private void refuse(int round) {
    List<String> reasons = List.of("round-closed", "stale-round", "norm-beyond-bound");
    String reason = reasons.get(random.nextInt(3));
    Optional<String> name = Optional.of(client(random.nextInt(CLIENTS)));
    Optional<String> about = Optional.of(Integer.toString(round));
    events.add(new UpdateRefused(name, about, reason, "round=" + round));
    if (round % 4 == 0) {
      events.add(
          new UpdateRefused(Optional.empty(), Optional.empty(), "unknown-client", "serial=77"));
    }
  }

  /** What became of the invited: reported, late, lost, and results refused. */
  private RoundCompleted completed(String round, String kind, int done, int[] became, long turned) {
    boolean trains = done > 0;
    return new RoundCompleted(
        round,
        kind,
        done,
        INVITED,
        became[0],
        became[1],
        became[2],
        became[3],
        480L * became[0],
        trains ? OptionalDouble.of(loss(done)) : OptionalDouble.empty(),
        became[0] * (trains ? 19_000L : 2_000) + 8 * turned,
        INVITED * (trains ? 21_000L : 130_000) + 500L * random.nextInt(9),
        INVITED * DENSE_BYTES + became[0] * DENSE_BYTES,
        version,
        turned,
        turned,
        4 + 2 * random.nextDouble(),
        0.2 + 0.05 * random.nextDouble());
  }

  private void masks(int round, long turned) {
    List<ParameterMasks> masks = new ArrayList<>();
    int index = 0;
    for (ParameterInfo each : PARAMETERS) {
      if (each.prunable()) {
        long kept = KEPT[index];
        long part = index++ == 1 ? turned : 0;
        masks.add(new ParameterMasks(each.name(), each.units(), kept, kept, part, part));
      }
    }
    events.add(new MasksUpdated(round, ++version, 0.95, 0.95, ALL_KEPT, masks, 0.01));
  }

  private void evaluate(int round, String phase) {
    events.add(
        new EvaluationCompleted(
            round,
            version,
            EvaluationCompleted.TEST,
            phase,
            accuracy(round, 0),
            loss(round) + 0.05,
            10_000,
            0.2));
    for (int tier = 0; tier < TIERS.length; tier++) {
      double drop = 0.03 * (TIERS.length - 1 - tier);
      events.add(
          new TierEvaluated(
              Integer.toString(round),
              round,
              TIERS[tier],
              8,
              accuracy(round, drop),
              loss(round) + 0.08 + 2 * drop,
              10_000,
              OptionalDouble.empty()));
    }
    events.add(
        new TierEvaluated(
            Integer.toString(round),
            round,
            1,
            4,
            accuracy(round, 0.1),
            loss(round) + 0.3,
            10_000,
            OptionalDouble.of(NARROW)));
  }

  private void finish() {
    evaluate(ROUNDS, EvaluationCompleted.FINAL);
    events.add(new RunFinished(1, ROUNDS, 0.8612, 0.4123, ALL_KEPT, 312.5));
  }

  private static String client(int client) {
    return String.format(Locale.ROOT, "meter-%02d", client + 1);
  }

  private static long examples(int client) {
    return 240 + 40L * (client * 7 % 13);
  }

  private static double loss(int round) {
    return 0.35 + 1.9 * Math.exp(-round / 6.0) + 0.2 * Math.exp(-round / 30.0);
  }

  private double accuracy(int round, double drop) {
    return 0.87
        - 0.7 * Math.exp(-round / 5.0)
        - 0.07 * Math.exp(-round / 25.0)
        + 0.004 * random.nextGaussian()
        - drop;
  }
}
