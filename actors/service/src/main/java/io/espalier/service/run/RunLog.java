package io.espalier.service.run;

import io.espalier.configs.Metric;
import io.espalier.training.RunResult;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file {@code run.log}, for people: a line that cannot be written is left out. Thread-safe. */
public final class RunLog implements AutoCloseable {
  static final String FILE_NAME = "run.log";
  private static final Logger LOG = LoggerFactory.getLogger(RunLog.class);

  private final BufferedWriter writer;
  private final long term;

  private RunLog(BufferedWriter writer, long term) {
    this.writer = writer;
    this.term = term;
  }

  public static RunLog in(Path directory, long term) throws IOException {
    return new RunLog(
        Files.newBufferedWriter(
            directory.resolve(FILE_NAME), StandardOpenOption.CREATE, StandardOpenOption.APPEND),
        term);
  }

  public synchronized void say(String line) {
    try {
      writer.write(
          "%s  term %d  %s%n"
              .formatted(Instant.now().truncatedTo(ChronoUnit.MILLIS), term, line.strip()));
      writer.flush();
    } catch (IOException e) {
      LOG.debug("a line of run.log could not be written", e);
    }
  }

  void warn(String warning) {
    say("warning: " + warning);
  }

  public static String text(RunResult end) {
    if (end instanceof RunResult.Finished finished) {
      return String.format(
          Locale.ROOT,
          "finished after step %d: %s on the test set at %.2f%% sparsity",
          finished.step(),
          Metric.text(finished.accuracy(), finished.bitsPerCharacter()),
          100 * finished.sparsity());
    }
    if (end instanceof RunResult.Paused paused) {
      return "paused with a checkpoint of step " + paused.step();
    }
    if (end instanceof RunResult.Failed failed) {
      return "failed after step " + failed.step() + ": " + failed.cause();
    }
    if (end instanceof RunResult.Interrupted interrupted) {
      return "interrupted after step " + interrupted.step() + ": " + interrupted.cause();
    }
    if (end instanceof RunResult.NodeLost lost) {
      return "interrupted after step " + lost.step() + ": " + lost.cause();
    }
    if (end instanceof RunResult.Crashed crashed) {
      return "interrupted after step " + crashed.step() + ": " + crashed.cause();
    }
    return end instanceof RunResult.Fenced fenced
        ? "fenced: term " + fenced.by()
        : "cancelled: ended without a checkpoint";
  }

  @Override
  public synchronized void close() {
    try {
      writer.close();
    } catch (IOException e) {
      LOG.debug("run.log could not be closed", e);
    }
  }
}
