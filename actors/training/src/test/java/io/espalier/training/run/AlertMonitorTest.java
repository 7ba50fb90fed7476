package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.HostEvent.AlertCleared;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.HostEvent.CheckpointWritten;
import io.espalier.telemetry.event.HostEvent.ResourcesMeasured;
import io.espalier.telemetry.event.HostEvent.StreamFlowing;
import io.espalier.telemetry.event.HostEvent.StreamWaiting;
import io.espalier.telemetry.event.HostEvent.TrainerFailed;
import io.espalier.telemetry.event.HostEvent.TrainerRestarted;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.MaskEvent.Refitted;
import io.espalier.telemetry.event.RunEvent.RunFailed;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunEvent.RunStopped;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertMonitorTest {
  private static final RunConfig CONFIG = new RecipeLoader().load("digits", List.of()).config();
  private static final RunConfig FEDERATED =
      new RecipeLoader().load("fed-digits", List.of("federation.round-limit=10m")).config();
  private static final long MB = 1L << 20;

  private final List<Event> written = new ArrayList<>();
  private AlertMonitor alerts = new AlertMonitor(CONFIG, List.of(), 0);
  private long nowNs;

  private List<String> told() {
    return written.stream()
        .filter(event -> event instanceof AlertRaised || event instanceof AlertCleared)
        .map(
            event ->
                event instanceof AlertRaised raised
                    ? "raised %s at %d".formatted(raised.kind(), raised.step())
                    : "cleared %s at %d"
                        .formatted(((AlertCleared) event).kind(), ((AlertCleared) event).step()))
        .toList();
  }

  private void happens(Event... events) {
    for (Event event : events) {
      written.addAll(alerts.with(event, nowNs));
    }
  }

  @Test
  void stepOfTheClock_isOpenUntilTheAttemptEnds() {
    AlertRaised stepped = alerts.ofClock("the wall clock went forward by 3600 s");

    happens(stepped, stepped, new RunFinished(1, 9, 0.9, 0.3, 5, 1));

    assertThat(told()).containsExactly("raised clock-step at 0", "cleared clock-step at 0");
  }

  @Test
  void event_ofRunThatIsWell_isAllThatIsWritten() {
    happens(
        sync(4), masks(0.5, 0.5), evaluation(0.3), free(10_000), new RunFinished(1, 4, 1, 0, 1, 1));

    assertThat(written).hasSize(5);
  }

  @Test
  void trainer_failsAndComesBack_isOneAlertUntilAStepIsCommitted() {
    happens(
        new TrainerFailed(1, 1, 8, "boom"),
        new TrainerFailed(1, 2, 8, "boom"),
        new TrainerRestarted(1, 3, 8));
    List<String> before = told();
    happens(sync(12), sync(16));

    assertThat(before).containsExactly("raised dead-trainer at 8");
    assertThat(told()).containsExactly("raised dead-trainer at 8", "cleared dead-trainer at 12");
    assertThat(written.get(1))
        .isEqualTo(new AlertRaised(AlertRaised.DEAD_TRAINER, 8, "trainer-1 failed: boom"));
  }

  @Test
  void trainer_oneOfTwoIsBack_alertStays() {
    happens(
        new TrainerFailed(0, 1, 8, "boom"),
        new TrainerFailed(1, 1, 8, "boom"),
        new TrainerRestarted(0, 2, 8),
        sync(12));

    assertThat(told()).containsExactly("raised dead-trainer at 8");
  }

  @ParameterizedTest
  @CsvSource({
    "0.90, 0.90, false",
    "0.90, 0.9049, false",
    "0.90, 0.9051, true",
    "0.90, 0.8949, true",
    "0.98, 0.9811, true",
    "0.99, 0.9909, false",
    "0.00, 0.04, false"
  })
  void masks_offByMoreThanTheTolerance_areAnAlert(double target, double actual, boolean off) {
    happens(masks(target, actual));

    assertThat(told()).hasSize(off ? 1 : 0);
  }

  @ParameterizedTest
  @CsvSource({"0.5, 0.5, false", "0.5, 0.42, false", "0.5, 0.52, false", "0.5, 0.53, true"})
  void masks_ofChannels_areOffWhereTheyUseMoreThanTheBudget(
      double target, double share, boolean off) {
    happens(
        new MasksUpdated(
            20,
            1,
            target,
            0.9,
            100,
            List.of(),
            0.01,
            Optional.of(MasksUpdated.MACS),
            OptionalDouble.of(share)));

    assertThat(told()).hasSize(off ? 1 : 0);
  }

  @Test
  void masks_ofChannelsWhoseBudgetIsNotKnown_areNotOff() {
    happens(
        new MasksUpdated(
            20,
            1,
            0.5,
            0.9,
            100,
            List.of(),
            0.01,
            Optional.of(MasksUpdated.MACS),
            OptionalDouble.empty()));

    assertThat(told()).isEmpty();
  }

  @Test
  void masks_offTwiceThenOnTarget_areOneAlert() {
    happens(masks(0.5, 0.6), masks(0.6, 0.7), masks(0.7, 0.7), masks(0.8, 0.8));

    assertThat(told()).containsExactly("raised off-target at 20", "cleared off-target at 20");
    assertThat(((AlertRaised) written.get(1)).text())
        .isEqualTo("sparsity is 60.00%, and 50.00% was asked for");
  }

  @Test
  void refit_thatChangesNoLayer_isAnAlertUntilItChangesOne() {
    happens(refitted(0, 0), refitted(8, 0), refitted(8, 0), refitted(0, 0), refitted(8, 3));

    assertThat(told()).containsExactly("raised no-effect at 20", "cleared no-effect at 20");
    assertThat(((AlertRaised) written.get(2)).text())
        .startsWith("refit: 0 of 8 layers: ")
        .contains("prune.refit = none", "leave refit away");
  }

  private static Event refitted(int layers, int changed) {
    return new MasksUpdated(
        20,
        1,
        0.5,
        0.5,
        100,
        List.of(),
        0.01,
        Optional.empty(),
        OptionalDouble.empty(),
        Optional.of(new Refitted(layers, changed)));
  }

  @Test
  void weights_ofTwoParameters_areAnAlertEachUntilAnotherAttempt() {
    happens(
        new AlertRaised(AlertRaised.DEAD_UNITS, 8, "fc1.weight: 3 of 4"),
        new AlertRaised(AlertRaised.DEAD_UNITS, 8, "fc2.weight: 2 of 3"),
        new RunFinished(1, 9, 1, 0, 1, 1));
    List<String> before = told();
    alerts = new AlertMonitor(CONFIG, List.of(AlertRaised.DEAD_UNITS), 0);
    written.clear();
    happens(new RunResumed(2, 4));

    assertThat(before).containsExactly("raised dead-units at 8", "raised dead-units at 8");
    assertThat(told()).containsExactly("cleared dead-units at 4");
  }

  @Test
  void disk_fallsBelowTwoCheckpoints_isAnAlertUntilThereIsAQuarterMore() {
    happens(free(300), new CheckpointWritten(10, "step-10", 200 * MB), free(399), free(398));
    happens(free(499));
    List<String> before = told();
    happens(free(500), free(450));

    assertThat(before).containsExactly("raised disk-low at 0");
    assertThat(told()).containsExactly("raised disk-low at 0", "cleared disk-low at 0");
  }

  @Test
  void disk_smallCheckpoints_needsAQuarterGigabyte() {
    happens(new CheckpointWritten(10, "step-10", MB), free(256), free(255));

    assertThat(told()).containsExactly("raised disk-low at 0");
    assertThat(((AlertRaised) written.get(3)).text())
        .isEqualTo("255 MB are free on the disk of the run, and 256 MB should be");
  }

  @Test
  void disk_notKnown_isNoAlert() {
    happens(new ResourcesMeasured(0, 1, 1, 0, 1, 0, 0, OptionalLong.empty(), 0, 5));

    assertThat(told()).isEmpty();
  }

  @Test
  void stream_waitedForLong_isNoProgressUntilRecordsCome() {
    happens(new StreamWaiting("clicks", 0, 29.9, "no new record"));
    List<String> early = told();
    happens(
        new StreamWaiting("clicks", 0, 30, "no new record"),
        new StreamWaiting("clicks", 0, 90, "no new record"),
        new StreamFlowing("clicks", 95),
        new StreamFlowing("clicks", 95));

    assertThat(early).isEmpty();
    assertThat(told()).containsExactly("raised no-progress at 0", "cleared no-progress at 0");
    assertThat(written)
        .contains(
            new AlertRaised(
                AlertRaised.NO_PROGRESS,
                0,
                "topic clicks is waited for since 30 s: no new record"));
  }

  @Test
  void coordinator_saysSoTwice_isWrittenOnce() {
    AlertRaised silent = new AlertRaised(AlertRaised.NO_PROGRESS, 4, "trainer-1 is silent");
    AlertCleared over = new AlertCleared(AlertRaised.NO_PROGRESS, 4, "it is back");

    happens(over, silent, silent, sync(8), over);

    assertThat(told()).containsExactly("raised no-progress at 4", "cleared no-progress at 8");
  }

  @Test
  void federation_silentForItsRoundLimit_isNoProgressUntilTheNextRound() {
    alerts = new AlertMonitor(FEDERATED, List.of(), 0);
    nowNs = Duration.ofMinutes(10).toNanos();
    happens(free(10_000));
    List<String> early = told();
    nowNs++;
    happens(free(10_000), free(10_000), round(7, 1.0), free(10_000));

    assertThat(early).isEmpty();
    assertThat(told()).containsExactly("raised no-progress at 0", "cleared no-progress at 7");
  }

  @Test
  void run_silentForLong_isNotJudgedByTheClockOfAFederation() {
    nowNs = Duration.ofDays(1).toNanos();
    happens(free(10_000));

    assertThat(told()).isEmpty();
  }

  @Test
  void loss_notFinite_isAnAlertUntilOneIs() {
    happens(evaluation(Double.NaN), evaluation(Double.POSITIVE_INFINITY), evaluation(1));

    assertThat(told()).containsExactly("raised not-finite at 20", "cleared not-finite at 20");
  }

  @Test
  void loss_ofRoundNotFinite_isAnAlert() {
    alerts = new AlertMonitor(FEDERATED, List.of(), 0);

    happens(round(3, Double.NaN));

    assertThat(told()).containsExactly("raised not-finite at 3");
  }

  @Test
  void attempt_thatGoesOn_clearsWhatTheOneBeforeLeftOpen() {
    alerts = new AlertMonitor(CONFIG, List.of(AlertRaised.NOT_FINITE, AlertRaised.DISK_LOW), 0);

    happens(new RunResumed(2, 16), free(100));

    assertThat(told())
        .containsExactly(
            "cleared disk-low at 16", "cleared not-finite at 16", "raised disk-low at 16");
    assertThat(written.get(1))
        .isEqualTo(new AlertCleared(AlertRaised.DISK_LOW, 16, "attempt 2 began"));
  }

  @Test
  void attempt_thatStopsOrFinishes_clearsWhatIsAboutItsProcessBeforeItsEnd() {
    happens(free(100), evaluation(Double.NaN), new RunStopped(1, 20, "interrupted"));

    assertThat(told())
        .containsExactly(
            "raised disk-low at 0", "raised not-finite at 20", "cleared disk-low at 20");
    assertThat(written).last().isEqualTo(new RunStopped(1, 20, "interrupted"));
  }

  @Test
  void attempt_thatFails_leavesItsAlertsOpen() {
    happens(
        new TrainerFailed(0, 1, 8, "boom"),
        new AlertRaised(AlertRaised.NOT_FINITE, 8, "loss is NaN"),
        new RunFailed(1, 8, "loss is NaN"));

    assertThat(told()).containsExactly("raised dead-trainer at 8", "raised not-finite at 8");
    assertThat(written).last().isInstanceOf(RunFailed.class);
  }

  private static Event sync(long step) {
    return new SyncCompleted(step, 1, 1, 1, 2, 0, 0, "d", 0);
  }

  private static Event masks(double target, double actual) {
    return new MasksUpdated(20, 1, target, actual, 100, List.of(), 0.01);
  }

  private static Event evaluation(double loss) {
    return new EvaluationCompleted(20, 1, "validation", "regular", 0.5, loss, 100, 0.1);
  }

  private static Event free(long megabytes) {
    return new ResourcesMeasured(0, 1, 1, 0, 1, 0, 0, OptionalLong.of(megabytes * MB), 0, 5);
  }

  private static Event round(long completed, double loss) {
    return new RoundCompleted(
        "7",
        "ordinary",
        completed,
        3,
        3,
        0,
        0,
        0,
        9,
        OptionalDouble.of(loss),
        1,
        1,
        2,
        1,
        0,
        0,
        1,
        0);
  }
}
