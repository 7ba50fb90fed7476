package io.espalier.telemetry.view;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventType;
import io.espalier.telemetry.event.HostEvent.ResourcesMeasured;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.MaskEvent.ParameterMasks;
import io.espalier.telemetry.event.RunEvent.ParameterInfo;
import io.espalier.telemetry.event.RunEvent.ParametersDescribed;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import io.espalier.telemetry.event.TrainingEvent.SyncTimes;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Many long runs side by side, each with many parameters and so with as many series.
 *
 * <p>{@code main [runs] [parameters] [steps] [updates]} folds them and tells what that took:
 * answers whether the read model holds a busy installation.
 */
public final class ManyRuns {
  private static final int INTERVAL = 16;

  private final int runs;
  private final int parameters;
  private final long steps;
  private final int updates;
  private final Random random = new Random(5);
  private final Map<String, Long> sequences = new HashMap<>();
  private Instant time = Instant.parse("2026-11-25T12:00:00Z");

  /**
   * @param runs with two trainers each
   * @param parameters prunable ones, with one series each
   * @param steps of each run
   * @param updates of each run's masks
   */
  public ManyRuns(int runs, int parameters, long steps, int updates) {
    this.runs = runs;
    this.parameters = parameters;
    this.steps = steps;
    this.updates = updates;
  }

  /** Tells all events, the runs in turn. */
  public void tell(Consumer<Envelope> sink) {
    for (int run = 0; run < runs; run++) {
      begin(new RunId("run-" + run), sink);
    }
    for (long step = INTERVAL; step <= steps; step += INTERVAL) {
      for (int run = 0; run < runs; run++) {
        interval(new RunId("run-" + run), step, sink);
      }
    }
  }

  private void begin(RunId run, Consumer<Envelope> sink) {
    List<ParameterInfo> infos = new ArrayList<>();
    for (int i = 0; i < parameters; i++) {
      infos.add(new ParameterInfo("layer" + i + ".weight", List.of(64L, 64L), 4_096, true, 4_096));
    }
    tell(
        run,
        new RunStarted(run + " gradual", 1, 2, steps, 400, 4_096L * parameters, 1, 0.9, List.of()),
        sink);
    tell(run, new ParametersDescribed(infos), sink);
  }

  private void interval(RunId run, long step, Consumer<Envelope> sink) {
    for (int trainer = 0; trainer < 2; trainer++) {
      List<Double> values = new ArrayList<>();
      for (int i = 0; i < INTERVAL; i++) {
        values.add(random.nextDouble());
      }
      tell(
          run,
          new StepsMeasured(
              trainer,
              step - INTERVAL + 1,
              values,
              values,
              0.1,
              0.1,
              1e4,
              Optional.of(new SyncTimes(0.001, 0.002, 0.001, 0.001, 0))),
          sink);
    }
    tell(run, new SyncCompleted(step, 1, 1_000, 1_000, 9_000, 0.01, 0, "d", 0.001), sink);
    long interval = step / INTERVAL;
    if (interval % Math.max(1, steps / INTERVAL / updates) == 0) {
      List<ParameterMasks> masks = new ArrayList<>();
      for (int i = 0; i < parameters; i++) {
        long kept = random.nextInt(4_096);
        masks.add(new ParameterMasks("layer" + i + ".weight", 4_096, kept, kept, 1, 0));
      }
      tell(run, new MasksUpdated(step, (int) interval, 0.5, 0.5, 9, masks, 0.01), sink);
      tell(run, new ResourcesMeasured(0.5, 1, 2, 3, 4, 5, 6, OptionalLong.of(7), 8, 10), sink);
    }
  }

  private void tell(RunId run, Event event, Consumer<Envelope> sink) {
    time = time.plusNanos(100_000);
    String stream = Envelope.sourceOf(run, event) + EventType.of(event).topic();
    sink.accept(Envelope.of(run, sequences.merge(stream, 1L, Long::sum), 1, time, event));
  }

  /** Tells what a fold takes: {@code [runs] [parameters] [steps] [updates]}. */
  public static void main(String[] arguments) {
    int runs = argument(arguments, 0, 200);
    int parameters = argument(arguments, 1, 180);
    int steps = argument(arguments, 2, 16_000);
    int updates = argument(arguments, 3, 100);
    ReadModel model = new ReadModel(Clock.systemUTC());
    long before = usedHeap();
    long[] events = {0};
    long startNs = System.nanoTime();
    new ManyRuns(runs, parameters, steps, updates)
        .tell(
            envelope -> {
              events[0]++;
              model.take(envelope);
            });
    double seconds = (System.nanoTime() - startNs) / 1e9;
    long held = usedHeap() - before;
    long snapshotNs = System.nanoTime();
    int characters =
        model.subscribe(List.of(Subject.parse("run:run-0"))).poll().toString().length();
    double snapshotMs = (System.nanoTime() - snapshotNs) / 1e6;
    System.out.printf(
        Locale.ROOT,
        "%d events in %.1f s, %.0f a second; %.1f MB held; snapshot of one run %.1f ms, %d characters%n",
        events[0],
        seconds,
        events[0] / seconds,
        held / 1e6,
        snapshotMs,
        characters);
  }

  private static int argument(String[] arguments, int index, int otherwise) {
    return index < arguments.length ? Integer.parseInt(arguments[index]) : otherwise;
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
