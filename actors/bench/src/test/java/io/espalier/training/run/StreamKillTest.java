package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.bench.harness.BrokerWorker;
import io.espalier.configs.file.EspalierHome;
import io.espalier.telemetry.kafka.TopicWriter;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run whose process, and the process of its broker, are killed while records are still being
 * written: the network is byte for byte that of an undisturbed run over the same records, and with
 * vectors its weights are those of the plain loop over the same examples in memory.
 */
@Tag("slow")
final class StreamKillTest {
  private static final Duration LIMIT = Duration.ofMinutes(6);
  private static final int AT_ONCE = 100;
  private static final long PAUSE_MS = 100;
  private static final int STEPS = 150;

  /**
   * Steps beyond the awaited checkpoint that there are records for: less than the rest of the run.
   */
  private static final int AHEAD = 20;

  @TempDir private Path directory;
  private final Object writing = new Object();
  private volatile int allowed;

  @Test
  void kill_ofRunAndBroker_leavesTheBytesOfAnUndisturbedRun() throws Exception {
    SampleStream sample = new SampleStream();

    FinishedRun whole = killed(sample);

    FinishedRun plain = TrainingLoop.run(sample.inMemory(), LoopListener.NONE);
    assertThat(whole.committed().digest()).isEqualTo(plain.committed().digest());
  }

  @Test
  void kill_ofRunOnATextAndBroker_leavesTheBytesOfAnUndisturbedRun() throws Exception {
    killed(new TextSampleStream());
  }

  /** Kills runs and brokers, compares the end with an undisturbed run, and returns the latter. */
  private FinishedRun killed(StreamSample sample) throws Exception {
    Path out = directory.resolve("run");
    Path home = directory.resolve("home");
    BrokerWorker.Started broker = BrokerWorker.start(directory.resolve("broker"));
    String address = broker.access().address();
    CompletableFuture<Void> producer =
        CompletableFuture.runAsync(() -> writeSlowly(sample, broker));

    allow(sample, 20 + AHEAD);
    await(() -> Files.exists(directory.resolve("written")));
    Process first = start(sample, out, home, address);
    await(() -> hasCheckpoint(out, 20));
    kill(first);
    allow(sample, 50 + AHEAD);
    Process second = start(sample, out, home, address);
    await(() -> hasCheckpoint(out, 50));
    allow(sample, 80 + AHEAD);
    BrokerWorker.Started again = restart(broker);
    await(() -> hasCheckpoint(out, 80));
    kill(second);
    allow(sample, 110 + AHEAD);
    Process third = start(sample, out, home, address);
    await(() -> hasCheckpoint(out, 110));
    kill(third);
    allow(sample, STEPS);
    Process last = start(sample, out, home, address);
    try (BrokerWorker.Started healed = restart(again)) {
      assertThat(healed.access().address()).isEqualTo(address);
      producer.join();
      assertThat(last.waitFor()).as(log()).isZero();

      Path undisturbed = directory.resolve("undisturbed");
      FinishedRun whole = finish(sample, undisturbed, home, healed);

      assertThat(out.resolve("model.safetensors"))
          .hasSameBinaryContentAs(undisturbed.resolve("model.safetensors"));
      assertThat(out.resolve("masks.safetensors"))
          .hasSameBinaryContentAs(undisturbed.resolve("masks.safetensors"));
      assertThat(summary(out)).isEqualTo(summary(undisturbed));
      return whole;
    }
  }

  /** Lets the producer write the records of so many steps: no run can end before it is killed. */
  private void allow(StreamSample sample, int steps) {
    allowed = ((sample.records() + STEPS - 1) / STEPS) * steps;
  }

  /**
   * Kills a broker and starts it again, which takes seconds, while nothing is on its way from the
   * producer.
   */
  private BrokerWorker.Started restart(BrokerWorker.Started broker) throws Exception {
    synchronized (writing) {
      kill(broker.process());
      return BrokerWorker.start(directory.resolve("broker"));
    }
  }

  private FinishedRun finish(StreamSample sample, Path out, Path home, BrokerWorker.Started broker)
      throws IOException {
    try (RunDirectory at = RunDirectory.create(out, sample.recipe().text());
        RunSession session =
            RunSession.start(sample.request(at, home, broker.access(), event -> {}))) {
      return ((RunResult.Finished) session.await()).run();
    }
  }

  /** At most 1,000 records a second; a broker that is killed has acknowledged all before. */
  private void writeSlowly(StreamSample sample, BrokerWorker.Started broker) {
    try {
      for (int from = 0; from < sample.records(); from += AT_ONCE) {
        while (from >= allowed) {
          Thread.sleep(PAUSE_MS);
        }
        synchronized (writing) {
          write(sample, broker, from, Math.min(sample.records(), from + AT_ONCE));
        }
        if (from == 0) {
          Files.createFile(directory.resolve("written"));
        }
        Thread.sleep(PAUSE_MS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void write(StreamSample sample, BrokerWorker.Started broker, int from, int to)
      throws IOException {
    try (TopicWriter writer =
        TopicWriter.open(broker.access(), sample.topic(), StreamSample.PARTITIONS)) {
      writer.skipTo(from);
      sample.write(writer, from, to);
      writer.flush();
    }
  }

  private Process start(StreamSample sample, Path out, Path home, String address)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1"));
    command.add("-DDJL_CACHE_DIR=" + System.getProperty("DJL_CACHE_DIR"));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            "io.espalier.cli.Espalier",
            "train",
            "--kafka",
            address,
            "--kafka-config",
            directory.resolve("broker/broker.properties").toString()));
    Path recipe = directory.resolve("streamed.conf");
    if (Files.exists(out.resolve("recipe.conf"))) {
      command.addAll(List.of("--resume", out.toString()));
    } else {
      Files.writeString(recipe, sample.recipe().text());
      command.addAll(List.of(recipe.toString(), "--out", out.toString()));
    }
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()));
    builder.environment().put(EspalierHome.VARIABLE, home.toString());
    return builder.start();
  }

  private void await(BooleanSupplier condition) throws Exception {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(log()).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  private String log() throws IOException {
    Path log = directory.resolve("log");
    return Files.exists(log) ? Files.readString(log) : "no process has started";
  }

  private static boolean hasCheckpoint(Path out, int step) {
    Path checkpoints = out.resolve("checkpoints");
    if (!Files.isDirectory(checkpoints)) {
      return false;
    }
    try (var entries = Files.list(checkpoints)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.startsWith("step-"))
          .anyMatch(name -> Integer.parseInt(name.substring(5)) >= step);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void kill(Process process) throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** All but what differs between any two runs. */
  private static List<String> summary(Path out) throws IOException {
    return Files.readAllLines(out.resolve("summary.json")).stream()
        .filter(line -> !line.matches("\\s*\"(run|id|wallSeconds)\".*"))
        .toList();
  }
}
