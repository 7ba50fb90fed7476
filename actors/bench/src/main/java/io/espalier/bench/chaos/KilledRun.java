package io.espalier.bench.chaos;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.ChildProcess;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import io.espalier.telemetry.outbox.OutboxReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A run in separate processes, which may be killed. Not thread-safe. */
final class KilledRun {
  private final BenchDirectory scratch;
  private final String name;
  private final List<String> first;
  private final List<Kill> kills = new ArrayList<>();
  private int starts;

  /** {@code first} are the first process's arguments, without its directory. */
  KilledRun(BenchDirectory scratch, String name, List<String> first) {
    this.scratch = scratch;
    this.name = name;
    this.first = List.copyOf(first);
  }

  Path directory() {
    return scratch.run(name);
  }

  List<Kill> kills() {
    return List.copyOf(kills);
  }

  int starts() {
    return starts;
  }

  boolean isFinished() {
    return Files.exists(directory().resolve("summary.json"));
  }

  /** Starts a process that begins or resumes the run; returns whether the kill hit it. */
  boolean kill(Duration after, long totalSteps)
      throws IOException, InterruptedException, ChildProcess.FailedException {
    int before = OutboxReader.readAll(directory()).size();
    ChildProcess.Exit ending = start().killAfter(after);
    if (ending.killed()) {
      Phase phase = Phase.of(OutboxReader.readAll(directory()), before, totalSteps);
      kills.add(new Kill(starts, ending.seconds(), phase));
    }
    return ending.killed();
  }

  double finish(Duration limit)
      throws IOException, InterruptedException, ChildProcess.FailedException {
    return start().await(limit).seconds();
  }

  private ChildProcess start() throws IOException {
    starts++;
    return ChildProcess.espalier(scratch, name, List.of(), arguments());
  }

  /** A run has begun once its directory holds a recipe. */
  private List<String> arguments() {
    if (Files.exists(directory().resolve("recipe.conf"))) {
      return List.of("train", "--resume", directory().toString());
    }
    List<String> arguments = new ArrayList<>(first);
    arguments.addAll(List.of("--out", directory().toString()));
    return arguments;
  }

  /** A kill that hit process {@code start}, from 1, after {@code seconds} of its life. */
  record Kill(int start, double seconds, Phase phase) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "start %d after %.2f s (%s)", start, seconds, phase);
    }
  }

  /** The progress of a process when it was killed, from the events of its run. */
  enum Phase {
    /** No interval of training was complete. */
    START_UP("start-up"),
    TRAINING("training"),
    /** The last step was done: norms, test set, files, the drain of events. */
    FINISH("finish");

    private final String word;

    Phase(String word) {
      this.word = word;
    }

    /** The newest process's phase; the first {@code before} events are of earlier ones. */
    static Phase of(List<RawEnvelope> events, int before, long totalSteps) throws IOException {
      Phase phase = START_UP;
      List<RawEnvelope> own = new ArrayList<>(events.subList(before, events.size()));
      for (RawEnvelope raw : own) {
        Envelope envelope = raw.decode().orElseThrow();
        if (envelope.event() instanceof SyncCompleted sync && sync.step() >= totalSteps) {
          return FINISH;
        }
        phase = envelope.event() instanceof StepsMeasured ? TRAINING : phase;
      }
      return phase;
    }

    @Override
    public String toString() {
      return word;
    }
  }
}
