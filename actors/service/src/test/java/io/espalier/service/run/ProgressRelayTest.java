package io.espalier.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.service.run.RunLauncher.Measured;
import io.espalier.service.run.RunLauncher.Progress;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.HostEvent.AlertCleared;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import io.espalier.training.RunHandle;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressRelayTest {
  @TempDir private Path directory;
  private final AtomicLong nowNs = new AtomicLong();
  private final Listener listener = new Listener();
  private RunLog log;
  private ProgressRelay relay;

  @BeforeEach
  void open() throws IOException {
    log = RunLog.in(directory, 1);
    relay = new ProgressRelay(listener, log, nowNs::get);
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void loss_isTheMeanOfAllStepsOfAllTrainersBeforeTheSync() {
    relay.open(new Handle());
    send(steps(0, 1.0, 2.0), steps(1, 4.0, 5.0), sync(2, 3));

    assertThat(listener.last().step()).isEqualTo(2);
    assertThat(listener.last().measured())
        .isEqualTo(new Measured(OptionalDouble.of(3), OptionalDouble.empty(), 3, List.of()));
  }

  @Test
  void losses_ofEarlierSyncs_doNotCount() {
    relay.open(new Handle());
    send(steps(0, 9.0), sync(1, 0));
    pass(2);
    send(steps(0, 1.0), sync(2, 0));

    assertThat(listener.last().measured().loss()).hasValue(1);
  }

  @Test
  void reports_comeOnceASecond_andTheLastAtTheEnd() {
    relay.open(new Handle());
    send(steps(0, 1.0), sync(1, 0), sync(2, 0), evaluation(0.9, 0.4));
    assertThat(listener.reports).hasSize(1);

    relay.finish();
    relay.finish();

    assertThat(listener.reports).hasSize(2);
    assertThat(listener.last().step()).isEqualTo(2);
    assertThat(listener.last().accuracy()).hasValue(0.9);
    assertThat(listener.last().measured().evaluationLoss()).hasValue(0.4);
  }

  @Test
  void alerts_areReportedAtOnce_andOnce() {
    relay.open(new Handle());
    send(sync(1, 0), raised("no-progress"), raised("no-progress"), raised("disk-low"));
    assertThat(listener.reports).hasSize(3);
    assertThat(listener.last().measured().alerts()).containsExactly("disk-low", "no-progress");
    assertThat(listener.alerts).containsExactly("no-progress", "no-progress", "disk-low");

    send(new AlertCleared("no-progress", 1, "it goes on"));

    assertThat(listener.last().measured().alerts()).containsExactly("disk-low");
  }

  @Test
  void alerts_beforeTheWork_areReportedWhenItBegins() {
    send(raised("capability"));
    assertThat(listener.reports).isEmpty();

    relay.open(new Handle());

    assertThat(listener.last().measured().alerts()).containsExactly("capability");
  }

  private void send(Event... events) {
    List.of(events).forEach(relay);
  }

  private void pass(long seconds) {
    nowNs.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  private static AlertRaised raised(String kind) {
    return new AlertRaised(kind, 1, "it needs attention");
  }

  private static StepsMeasured steps(int trainer, Double... losses) {
    return new StepsMeasured(
        trainer, 1, List.of(losses), List.of(), 0.1, 0.01, 100, Optional.empty());
  }

  private static SyncCompleted sync(long step, int maskVersion) {
    return new SyncCompleted(step, maskVersion, 1, 1, 1, 0, 0, "digest", 0);
  }

  private static EvaluationCompleted evaluation(double accuracy, double loss) {
    return new EvaluationCompleted(
        2, 0, EvaluationCompleted.TEST, EvaluationCompleted.FINAL, accuracy, loss, 10, 0);
  }

  private static final class Listener implements RunLauncher.Listener {
    private final List<Progress> reports = new ArrayList<>();
    private final List<String> alerts = new ArrayList<>();

    private Progress last() {
      return reports.get(reports.size() - 1);
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public Optional<String> interruption() {
      return Optional.empty();
    }

    @Override
    public void alerted(String kind, long step, String text) {
      alerts.add(kind);
    }

    @Override
    public void started(RunHandle handle) {}

    @Override
    public void progressed(Progress progress) {
      reports.add(progress);
    }

    @Override
    public void checkpointed(long step) {}
  }

  private record Handle() implements RunHandle {
    @Override
    public long startStep() {
      return 0;
    }

    @Override
    public long totalSteps() {
      return 10;
    }

    @Override
    public void pause() {}

    @Override
    public void checkpoint() {}

    @Override
    public void cancel() {}

    @Override
    public void interrupt(String cause) {}

    @Override
    public RunResult await() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
