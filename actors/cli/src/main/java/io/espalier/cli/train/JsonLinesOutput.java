package io.espalier.cli.train;

import com.fasterxml.jackson.core.type.TypeReference;
import io.espalier.cli.console.JsonOutput;
import io.espalier.cli.console.Progress;
import io.espalier.configs.file.Json;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventJson;
import io.espalier.telemetry.event.EventType;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.training.RunResult;
import io.espalier.training.run.RunBranch;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * One line of JSON for each thing that happens; the last one is the result. Texts of failures for
 * people go to standard error too.
 */
final class JsonLinesOutput implements TrainOutput {
  private static final long PROGRESS_INTERVAL_NS = Duration.ofSeconds(1).toNanos();

  private final PrintWriter out;
  private final PrintWriter errors;
  private final LongSupplier clockNs;
  private final LongSupplier dropped;
  private Optional<Progress> progress = Optional.empty();
  private long toldNs;

  /** {@code dropped} counts events that found the queue full, as nothing read this output. */
  JsonLinesOutput(PrintWriter out, PrintWriter errors, LongSupplier clockNs, LongSupplier dropped) {
    this.out = out;
    this.errors = errors;
    this.clockNs = clockNs;
    this.dropped = dropped;
    this.toldNs = clockNs.getAsLong();
  }

  @Override
  public void planned(PreparedRun run, Path directory) {
    line("plan", RunDescription.facts(run, directory));
  }

  @Override
  public void rehearsed(PreparedRun run, Path directory) {
    planned(run, directory);
  }

  @Override
  public void branched(RunBranch branch) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("run", branch.parent().toString());
    facts.put("step", branch.from().map(from -> from.committed().step()).orElse(0L));
    facts.put("changes", branch.run().config().parent().orElseThrow().changes());
    line("parent", facts);
  }

  @Override
  public void resumed(PreparedRun run, Optional<Path> checkpoint, long step) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("step", step);
    checkpoint.ifPresent(path -> facts.put("checkpoint", path.toString()));
    line("resumed", facts);
  }

  @Override
  public synchronized void started(Progress shown) {
    progress = Optional.of(shown);
  }

  @Override
  public synchronized void accept(Event event) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("type", EventType.of(event).name());
    facts.put("data", data(event));
    line("event", facts);
    long now = clockNs.getAsLong();
    progress.ifPresent(shown -> shown.on(event, now));
    if (now - toldNs >= PROGRESS_INTERVAL_NS) {
      toldNs = now;
      tellProgress();
    }
  }

  private void tellProgress() {
    progress.ifPresent(shown -> line("progress", shown.facts()));
  }

  @Override
  public void notice(String place) {
    line("notice", Map.of("text", "events " + place));
  }

  @Override
  public void warning(String warning) {
    line("warning", Map.of("text", warning));
  }

  @Override
  public void stopping() {
    line("notice", Map.of("text", "stopping: a checkpoint is written at the next sync"));
  }

  @Override
  public synchronized void ended(Ending ending) {
    if (!(ending.result() instanceof RunResult.Paused)) {
      ending.advice().forEach(errors::println);
      errors.flush();
    }
    tellProgress();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("exitCode", ending.exitCode());
    facts.put("directory", ending.directory().path().toString());
    if (dropped.getAsLong() > 0) {
      facts.put("eventsNotShown", dropped.getAsLong());
    }
    if (ending.result() instanceof RunResult.Finished finished) {
      facts.put("state", "finished");
      finished.leftToShip().ifPresent(left -> facts.put("leftToShip", left));
      facts.put("summary", summary(ending.directory().summary()));
    } else if (ending.result() instanceof RunResult.Paused paused) {
      facts.put("state", "paused");
      facts.put("step", paused.step());
    } else if (ending.result() instanceof RunResult.Failed failed) {
      facts.put("state", "failed");
      facts.put("step", failed.step());
      facts.put("cause", failed.cause());
    } else {
      facts.put("state", "overtaken");
    }
    line("result", facts);
  }

  private synchronized void line(String kind, Map<String, ?> facts) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("kind", kind);
    line.putAll(facts);
    out.println(JsonOutput.line(line));
    out.flush();
  }

  private static Map<String, Object> data(Event event) {
    try {
      return Json.LENIENT.readValue(
          EventJson.data(event), new TypeReference<Map<String, Object>>() {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> summary(Path file) {
    try {
      return Json.LENIENT.readValue(
          Files.readString(file), new TypeReference<Map<String, Object>>() {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
