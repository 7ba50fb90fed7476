package io.espalier.telemetry.view;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventType;
import io.espalier.telemetry.event.HostEvent.AlertCleared;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.HostEvent.CheckpointFailed;
import io.espalier.telemetry.event.HostEvent.CheckpointWritten;
import io.espalier.telemetry.event.HostEvent.ResourcesMeasured;
import io.espalier.telemetry.event.HostEvent.TrainerFailed;
import io.espalier.telemetry.event.MaskEvent.MaskPicture;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.MaskEvent.ParameterMaskState;
import io.espalier.telemetry.event.MaskEvent.ParameterMasks;
import io.espalier.telemetry.event.RunEvent.ParameterInfo;
import io.espalier.telemetry.event.RunEvent.ParametersDescribed;
import io.espalier.telemetry.event.RunEvent.Provenance;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.telemetry.event.RunEvent.RunStopped;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.event.SampleCuts;
import io.espalier.telemetry.event.Topic;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import io.espalier.telemetry.event.TrainingEvent.SyncTimes;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;

/** The history of a small run with several attempts, each of which may end in any way. */
public final class RandomRun {
  public static final Instant BEGUN = Instant.parse("2026-11-25T12:00:00Z");
  public static final RunId ID = new RunId("random");
  private static final int INTERVAL = 4;
  private static final int INTERVALS = 12;
  private static final long STEPS = INTERVAL * INTERVALS;

  private final Random random;
  private final int trainers;
  private final List<Envelope> history = new ArrayList<>();
  private final Map<String, Long> sequences = new HashMap<>();
  private Instant time = BEGUN;
  private int attempt;
  private int version;
  private boolean complete;

  private RandomRun(long seed) {
    random = new Random(seed);
    trainers = 1 + random.nextInt(3);
  }

  /** The history in the order in which it was told. */
  public static List<Envelope> history(long seed) {
    RandomRun run = new RandomRun(seed);
    long from = 0;
    for (int i = run.random.nextInt(4); i >= 0 && !run.complete; i--) {
      from = run.attempt(from);
    }
    return run.history;
  }

  /** The same events with the order of each topic kept, and some of them twice. */
  public static List<Envelope> interleaved(List<Envelope> history, Random random) {
    Map<Topic, Deque<Envelope>> topics = new EnumMap<>(Topic.class);
    history.forEach(
        each -> topics.computeIfAbsent(each.topic(), topic -> new ArrayDeque<>()).add(each));
    List<Envelope> mixed = new ArrayList<>();
    while (!topics.isEmpty()) {
      List<Topic> left = List.copyOf(topics.keySet());
      Topic topic = left.get(random.nextInt(left.size()));
      Deque<Envelope> next = Objects.requireNonNull(topics.get(topic));
      for (int run = 1 + random.nextInt(20); run > 0 && !next.isEmpty(); run--) {
        mixed.add(next.remove());
      }
      if (next.isEmpty()) {
        topics.remove(topic);
      }
      if (random.nextInt(4) == 0) {
        mixed.add(mixed.get(random.nextInt(mixed.size())));
      }
    }
    return mixed;
  }

  /** One attempt; returns the step that the next one goes on from. */
  private long attempt(long from) {
    attempt++;
    tell(
        new Provenance(
            "1",
            "17",
            "Linux",
            2,
            Map.of(),
            attempt,
            trainers,
            1,
            "digits",
            "d",
            "l",
            "x = 1",
            Optional.empty()));
    if (attempt == 1) {
      tell(new RunStarted("random run", 1, trainers, STEPS, STEPS, 140, 70, 0.5, List.of("t")));
    } else {
      tell(new RunResumed(attempt, from));
    }
    tell(
        new ParametersDescribed(
            List.of(
                new ParameterInfo("a", List.of(10L, 10L), 100, true, 100),
                new ParameterInfo("b", List.of(4L, 10L), 40, true, 400),
                new ParameterInfo("bias", List.of(10L), 10, false, 0))));
    state(RunState.RUNNING, from);
    long checkpoint = 0;
    long end =
        random.nextInt(2) == 0 ? STEPS : from + 1 + (long) random.nextInt(INTERVALS) * INTERVAL;
    for (long step = from + INTERVAL; step <= Math.min(STEPS, end); step += INTERVAL) {
      interval(step);
      if (random.nextInt(3) == 0) {
        tell(new CheckpointWritten(step, "checkpoints/" + step, 1));
        checkpoint = step;
      }
    }
    boolean amid = end < STEPS && random.nextInt(3) == 0;
    if (amid) {
      steps(end - end % INTERVAL + INTERVAL, random.nextInt(trainers));
    }
    end(Math.min(STEPS, end));
    return checkpoint == 0 && random.nextBoolean() ? from : checkpoint;
  }

  private void interval(long step) {
    steps(step, trainers);
    rest(step);
  }

  /** The first so many trainers tell about their steps. */
  private void steps(long step, int told) {
    for (int trainer = 0; trainer < told; trainer++) {
      List<Double> losses = new ArrayList<>();
      for (int i = 0; i < INTERVAL; i++) {
        losses.add(random.nextInt(50) == 0 ? Double.NaN : random.nextDouble());
      }
      SyncTimes times = new SyncTimes(0.25, 0.5, 0.25, 0.125, random.nextInt(3));
      tell(
          new StepsMeasured(
              trainer, step - INTERVAL + 1, losses, losses, 1.0 / step, 1, 1, Optional.of(times)));
      if (random.nextInt(20) == 0) {
        tell(new TrainerFailed(trainer, attempt, step - INTERVAL, "lost"));
      }
    }
  }

  private void rest(long step) {
    tell(new SyncCompleted(step, version, random.nextInt(99), 50, 200, 0.1, 0, "d", 0.25));
    if (random.nextInt(4) == 0) {
      update(step);
    }
    if (random.nextInt(5) == 0) {
      tell(SampleCuts.at(step, 6, 1 + random.nextInt(5)));
    }
    if (random.nextInt(3) == 0) {
      evaluate(step, EvaluationCompleted.VALIDATION, EvaluationCompleted.REGULAR);
      state(RunState.RUNNING, step);
    }
    if (random.nextInt(6) == 0) {
      tell(new CheckpointFailed(step, "full"));
    }
    if (random.nextInt(6) == 0) {
      tell(new AlertRaised(AlertRaised.DISK_LOW, step, "low"));
    }
    if (random.nextInt(8) == 0) {
      tell(new AlertCleared(AlertRaised.DISK_LOW, step, "free"));
    }
    if (random.nextInt(3) == 0) {
      tell(
          new ResourcesMeasured(
              random.nextDouble(), 1, 2, 3, 4, random.nextInt(99), 5, OptionalLong.of(6), 7, 10));
    }
  }

  private void update(long step) {
    version++;
    long keptA = 100L - random.nextInt(60);
    long keptB = 40L - random.nextInt(20);
    tell(
        new MasksUpdated(
            step,
            version,
            0.5,
            1 - (keptA + keptB) / 140.0,
            keptA + keptB,
            List.of(
                new ParameterMasks("a", 100, keptA, keptA, random.nextInt(3), 0),
                new ParameterMasks("b", 40, keptB, keptB, random.nextInt(2), 0)),
            0.5,
            Optional.of(MasksUpdated.MACS),
            OptionalDouble.of(random.nextDouble())));
    tell(new ParameterMaskState("a", step, version, 100, keptA, 1, 0));
    tell(new ParameterMaskState("b", step, version, 40, keptB, 1, 0));
    tell(new MaskPicture("a", step, version, MaskPicture.WEIGHTS, 1, 1, "r", "c", 1, "/w=="));
  }

  private void evaluate(long step, String set, String phase) {
    tell(
        new EvaluationCompleted(
            step, version, set, phase, random.nextDouble(), random.nextDouble(), 10, 0.5));
  }

  private void end(long step) {
    int how = random.nextInt(3);
    if (step == STEPS && how > 0) {
      evaluate(step, EvaluationCompleted.TEST, EvaluationCompleted.FINAL);
      tell(new RunFinished(attempt, step, 0.75, 0.5, 70, 9));
      state(RunState.FINISHED, step);
      complete = random.nextInt(4) > 0;
    } else if (how == 1) {
      tell(new RunStopped(attempt, step, "interrupted"));
      state(RunState.PAUSED, step);
    }
  }

  private void state(String state, long step) {
    tell(
        new RunState(
            state,
            "random run",
            attempt,
            step,
            STEPS,
            0.25,
            OptionalDouble.of(random.nextDouble()),
            List.of("t")));
  }

  private void tell(Event event) {
    time = time.plusMillis(1 + random.nextInt(3));
    String stream = Envelope.sourceOf(ID, event) + " " + EventType.of(event).topic();
    history.add(Envelope.of(ID, sequences.merge(stream, 1L, Long::sum), attempt, time, event));
  }
}
