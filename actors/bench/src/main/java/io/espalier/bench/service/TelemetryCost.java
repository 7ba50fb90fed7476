package io.espalier.bench.service;

import io.espalier.bench.harness.Figure;
import io.espalier.bench.harness.Figure.Budget;
import io.espalier.bench.harness.Measurements;
import io.espalier.bench.harness.UnrecordedRun;
import io.espalier.masks.MaskSet;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.HostEvent;
import io.espalier.telemetry.event.MaskEvent;
import io.espalier.telemetry.event.RunEvent;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.event.TrainingEvent;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.Shipper;
import io.espalier.telemetry.outbox.Outbox;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.Replica.StepOutcome;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.EvaluationRequest;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import io.espalier.training.IntervalMetrics;
import io.espalier.training.RunListener;
import io.espalier.training.run.EventRecorder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The cost of telemetry while a run trains: CPU time of making, appending, forcing and shipping its
 * events at their actual rate, against that of the trainer's steps. Excludes the broker and the
 * one-time cost of connections and of each topic's first event.
 */
final class TelemetryCost {
  private static final List<String> BACKGROUND =
      List.of("espalier-outbox-sync", "espalier-shipper", "kafka-producer-network-thread");
  private static final List<Event> FIRST_OF_TOPICS =
      List.of(
          new HostEvent.CheckpointWritten(0, "none", 0),
          new TrainingEvent.SyncCompleted(0, 0, 0, 0, 0, 0, 0, "none", 0),
          new MaskEvent.ParameterMaskState("none", 0, 0, 0, 0, 0, 0),
          new RunEvent.RunState(
              RunEvent.RunState.RUNNING, "none", 1, 0, 0, 0, OptionalDouble.empty(), List.of()));
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final PreparedRun run;
  private final Path directory;
  private final BrokerAccess broker;

  TelemetryCost(PreparedRun run, Path directory, BrokerAccess broker) {
    this.run = run;
    this.directory = directory;
    this.broker = broker;
  }

  Figure measure(int rounds) throws IOException {
    String network =
        "%s, sync every %s"
            .formatted(run.config().model().architecture().kind(), run.plan().nextSync(0));
    StepCpu steps = new StepCpu();
    TrainingLoop.run(run, steps);
    List<Double> telemetry = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      double seconds = telemetrySeconds(network.replaceAll("\\W+", "-") + "-" + round);
      if (round > 0) {
        telemetry.add(seconds);
      }
    }
    return new Figure(
        "CPU of telemetry / CPU of the trainer",
        network,
        Measurements.of(telemetry.stream().map(each -> each / steps.seconds()).toList()),
        String.format(
            Locale.ROOT,
            "%.1f / %.0f µs a step",
            1e6 * Measurements.of(telemetry).median() / run.plan().totalSteps(),
            1e6 * steps.seconds() / run.plan().totalSteps()),
        Budget.atMost(0.01));
  }

  private double telemetrySeconds(String name) throws IOException {
    Path at = directory.resolve(name);
    try (Outbox outbox = Outbox.open(at, new RunId(name), Clock.systemUTC());
        Shipper shipper = Shipper.start(at, () -> Optional.of(broker))) {
      outbox.append(FIRST_OF_TOPICS);
      shipper.drain(LIMIT);
      MaskSet dense = MaskSet.dense(run.layout(), run.prunableIds());
      MeteredEvents events =
          new MeteredEvents(new EventRecorder(run, outbox.attempt(), 0, dense, outbox::append));
      double before = ThreadCpu.seconds(BACKGROUND);
      UnrecordedRun.execute(run, events);
      shipper.drain(LIMIT);
      return events.seconds() + ThreadCpu.seconds(BACKGROUND) - before;
    }
  }

  /** CPU time of the steps of a loop in the calling thread; syncs and evaluations are left out. */
  static final class StepCpu implements LoopListener {
    private double markSeconds = ThreadCpu.ownSeconds();
    private double seconds;

    double seconds() {
      return seconds;
    }

    @Override
    public void stepped(int trainer, StepOutcome outcome) {
      double now = ThreadCpu.ownSeconds();
      seconds += now - markSeconds;
      markSeconds = now;
    }

    @Override
    public void committed(SyncOutcome outcome, Traffic traffic) {
      markSeconds = ThreadCpu.ownSeconds();
    }
  }

  /** CPU time of threads by the beginning of their names. */
  static final class ThreadCpu {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private ThreadCpu() {}

    static double seconds(List<String> prefixes) {
      return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
              .filter(Objects::nonNull)
              .filter(info -> prefixes.stream().anyMatch(info.getThreadName()::startsWith))
              .mapToLong(ThreadInfo::getThreadId)
              .map(THREADS::getThreadCpuTime)
              .filter(ns -> ns > 0)
              .sum()
          / 1e9;
    }

    static double ownSeconds() {
      return THREADS.getCurrentThreadCpuTime() / 1e9;
    }
  }

  /**
   * Counts the CPU time that a listener takes for what an undisturbed run without files reports.
   * Confined to the coordinator.
   */
  static final class MeteredEvents implements RunListener {
    private final RunListener listener;
    private double seconds;

    MeteredEvents(RunListener listener) {
      this.listener = listener;
    }

    double seconds() {
      return seconds;
    }

    @Override
    public void stepsMeasured(int trainer, IntervalMetrics metrics) {
      meter(() -> listener.stepsMeasured(trainer, metrics));
    }

    @Override
    public void synced(
        SyncOutcome outcome, double waitSeconds, int slowestTrainer, double commitSeconds) {
      // Made when it is first asked for; the replicas' answers are checked against it anyway.
      outcome.committed().digest();
      meter(() -> listener.synced(outcome, waitSeconds, slowestTrainer, commitSeconds));
    }

    @Override
    public void evaluated(
        long step,
        int maskVersion,
        EvaluationRequest request,
        EvaluationPart result,
        double evaluationSeconds) {
      meter(() -> listener.evaluated(step, maskVersion, request, result, evaluationSeconds));
    }

    private void meter(Runnable report) {
      double before = ThreadCpu.ownSeconds();
      report.run();
      seconds += ThreadCpu.ownSeconds() - before;
    }
  }
}
