package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.HostEvent;
import io.espalier.telemetry.event.MaskEvent.ChannelsCut;
import io.espalier.telemetry.event.TrainingEvent;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import io.espalier.telemetry.kafka.TopicWriter;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on a topic of a broker in this process. */
final class StreamSessionTest {
  private static final String[] CHANNELS = {
    "prune.sparsity = 50%",
    "prune.granularity = { kind = channel, budget = macs, cut = live }",
    "prune.schedule = { kind = cubic, begin = 5%, end = 20%, updates = 3 }"
  };

  private static EmbeddedBroker broker;

  @TempDir private static Path shared;
  @TempDir private Path directory;
  private final List<Event> events = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void startBroker() throws IOException {
    broker = EmbeddedBroker.start(shared.resolve("kafka"));
    new SampleStream().writeAll(access());
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  private static BrokerAccess access() {
    return BrokerAccess.of(broker.address());
  }

  private RunDirectory create(SampleStream sample) {
    return RunDirectory.create(directory.resolve("run"), sample.recipe().text());
  }

  private RunSession start(SampleStream sample, RunDirectory at) throws IOException {
    return RunSession.start(sample.request(at, shared, access(), events::add));
  }

  private <E extends Event> List<E> told(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  @Test
  void run_onATopic_hasTheBitsOfThePlainLoopOverTheSameExamples() throws IOException {
    SampleStream sample = new SampleStream();

    RunResult result;
    try (RunDirectory at = create(sample);
        RunSession session = start(sample, at)) {
      result = session.await();
    }

    FinishedRun plain = TrainingLoop.run(sample.inMemory(), LoopListener.NONE);
    assertThat(result)
        .isInstanceOfSatisfying(
            RunResult.Finished.class,
            finished -> {
              assertThat(finished.run().committed().digest()).isEqualTo(plain.committed().digest());
              assertThat(finished.run().test().examples()).isEqualTo(60);
            });
    assertThat(told(HostEvent.StreamOpened.class))
        .hasSize(1)
        .allMatch(opened -> opened.offsets().equals(List.of(0L, 0L, 0L)));
    assertThat(told(TrainingEvent.EvaluationCompleted.class))
        .hasSizeGreaterThan(5)
        .allMatch(evaluation -> evaluation.set().equals("hold-out"));
  }

  @Test
  void run_onRecordsThatHoldNoExample_tellsOfEachOnceAndFolded() throws IOException {
    SampleStream sample = new SampleStream();

    try (RunDirectory at = create(sample);
        RunSession session = start(sample, at)) {
      session.await();
    }

    List<HostEvent.RecordsSkipped> skips = told(HostEvent.RecordsSkipped.class);
    assertThat(skips).hasSizeBetween(1, 50);
    assertThat(skips.get(0).count()).isEqualTo(1);
    assertThat(skips.get(0).reason()).isEqualTo("a record must have a label");
    assertThat(skips.stream().mapToLong(HostEvent.RecordsSkipped::count).sum())
        .isEqualTo(5053 / 12);
  }

  @Test
  void stop_whileTheStreamIsSilent_checkpointsAndTheResumedRunGivesTheSame() throws Exception {
    SampleStream sample = new SampleStream("data.topic = late");
    int some = 1_000;
    try (TopicWriter writer = TopicWriter.open(access(), "late", SampleStream.PARTITIONS)) {
      sample.write(writer, 0, some);
      writer.flush();
    }
    RunResult stopped;
    try (RunDirectory at = create(sample);
        RunSession session = start(sample, at)) {
      CompletableFuture<RunResult> end = CompletableFuture.supplyAsync(session::await);
      while (told(TrainingEvent.SyncCompleted.class).stream().noneMatch(s -> s.step() >= 25)) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      session.pause();
      stopped = end.get(120, TimeUnit.SECONDS);
    }
    try (TopicWriter writer = TopicWriter.open(access(), "late", SampleStream.PARTITIONS)) {
      assertThat(some % SampleStream.PARTITIONS).isOne();
      writer.skipTo(some);
      sample.write(writer, some, sample.records());
      writer.flush();
    }

    RunResult result;
    try (RunDirectory at = RunDirectory.resume(directory.resolve("run"));
        RunSession session = start(sample, at)) {
      result = session.await();
    }

    FinishedRun plain = TrainingLoop.run(sample.inMemory(), LoopListener.NONE);
    assertThat(stopped).isInstanceOf(RunResult.Paused.class);
    assertThat(result)
        .isInstanceOfSatisfying(
            RunResult.Finished.class,
            finished ->
                assertThat(finished.run().committed().digest())
                    .isEqualTo(plain.committed().digest()));
  }

  /** Channels leave the network while it reads: no example is lost or read twice at a cut. */
  @Test
  void run_thatCutsChannels_hasTheBitsOfThePlainLoopOverTheSameExamples() throws IOException {
    SampleStream sample = new SampleStream(CHANNELS);

    RunResult result;
    try (RunDirectory at = create(sample);
        RunSession session = start(sample, at)) {
      result = session.await();
    }

    FinishedRun plain = TrainingLoop.run(sample.inMemory(), LoopListener.NONE);
    assertThat(told(ChannelsCut.class))
        .isNotEmpty()
        .allMatch(cut -> cut.step() < 150 && cut.after().macs() < cut.before().macs());
    assertThat(result)
        .isInstanceOfSatisfying(
            RunResult.Finished.class,
            finished -> {
              assertThat(finished.run().committed().digest()).isEqualTo(plain.committed().digest());
              assertThat(finished.run().committed().run().network().macs())
                  .isLessThanOrEqualTo(sample.inMemory().network().macs() / 2);
            });
  }

  @Test
  void stop_afterACut_theResumedRunReadsOnAndGivesTheSame() throws Exception {
    // Given a stream that falls silent after the channels were cut
    SampleStream sample = new SampleStream(topic("cut"));
    int some = 2_500;
    try (TopicWriter writer = TopicWriter.open(access(), "cut", SampleStream.PARTITIONS)) {
      sample.write(writer, 0, some);
      writer.flush();
    }
    RunResult stopped;
    try (RunDirectory at = create(sample);
        RunSession session = start(sample, at)) {
      CompletableFuture<RunResult> end = CompletableFuture.supplyAsync(session::await);
      while (told(ChannelsCut.class).isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      session.pause();
      stopped = end.get(120, TimeUnit.SECONDS);
    }
    try (TopicWriter writer = TopicWriter.open(access(), "cut", SampleStream.PARTITIONS)) {
      writer.skipTo(some);
      sample.write(writer, some, sample.records());
      writer.flush();
    }

    // When it goes on
    RunResult result;
    try (RunDirectory at = RunDirectory.resume(directory.resolve("run"));
        RunSession session = start(sample, at)) {
      result = session.await();
    }

    // Then it ends as one that was never stopped
    FinishedRun plain = TrainingLoop.run(sample.inMemory(), LoopListener.NONE);
    assertThat(stopped).isInstanceOf(RunResult.Paused.class);
    assertThat(result)
        .isInstanceOfSatisfying(
            RunResult.Finished.class,
            finished ->
                assertThat(finished.run().committed().digest())
                    .isEqualTo(plain.committed().digest()));
  }

  private static String[] topic(String name) {
    return Stream.concat(Stream.of(CHANNELS), Stream.of("data.topic = " + name))
        .toArray(String[]::new);
  }

  @Test
  void start_withoutTheTopic_saysWhatToDo() throws IOException {
    SampleStream sample = new SampleStream("data.topic = none");

    try (RunDirectory at = create(sample)) {
      assertThatThrownBy(() -> start(sample, at))
          .isInstanceOf(InvalidConfigException.class)
          .hasMessageContaining("data.topic: must be a topic of the broker: topic=none");
    }
  }
}
