package io.espalier.trainer.replica;

import io.espalier.configs.KafkaConfig;
import io.espalier.trainer.data.Augmentation;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.stream.ExampleStream;
import io.espalier.trainer.stream.ExampleStream.StreamFailedException;
import io.espalier.trainer.stream.HoldOut;
import io.espalier.trainer.stream.RecordFormat;
import io.espalier.trainer.stream.StreamCursor;
import io.espalier.trainer.stream.StreamPosition;
import io.espalier.trainer.stream.StreamState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One trainer's batches of a stream, and the held-out examples before them. Position is a pure
 * function of stream and step; a move reads the window again. Confined to the replica's thread.
 */
final class StreamBatches implements TrainingBatches, AutoCloseable {
  private static final int FIXED_BATCHES = 64;
  private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(500);

  private final PreparedRun run;
  private final ExampleStream stream;
  private final RecordFormat format;
  private final HoldOut holdOut;
  private final StreamBlocks.Share share;
  private final int[] rows;
  private final Batch batch;
  private final HeldOutWindow window;
  private final List<StreamBlocks.Block> ahead = new ArrayList<>();
  private final Runnable progress;
  private StreamState reached;
  private long step;
  private boolean filled;
  private Optional<StreamBlocks> blocks = Optional.empty();
  private Optional<StreamBlocks> fixed = Optional.empty();

  public StreamBatches(PreparedRun run, KafkaConfig config, int trainer, Runnable progress) {
    this.run = run;
    this.stream =
        run.stream()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "a run on a stream must read one: topic=" + config.topic()));
    this.progress = progress;
    int size = run.config().stepExamples();
    format = RecordFormat.of(config, run.dataset());
    holdOut = new HoldOut(config.holdOut());
    share =
        new StreamBlocks.Share(
            trainer, run.config().train().trainers(), size, format, run.dataset().normalization());
    rows = IntStream.range(0, size).toArray();
    batch = new Batch(run.dataset().input(), size);
    window = new HeldOutWindow(config.window());
    reached = StreamState.startingAt(stream.start());
  }

  public void moveTo(long completed, StreamState state) {
    if (completed == step && state.equals(reached)) {
      return;
    }
    closeReaders();
    ahead.clear();
    window.clear();
    filled = false;
    step = completed;
    reached = state;
  }

  /** Waits up to {@code limit} for the batches of the next {@code count} steps. */
  public boolean await(int count, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    if (!fill(limit)) {
      return false;
    }
    while (ahead.size() < count) {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      Optional<StreamBlocks.Block> block = reading().next(left);
      if (block.isEmpty()) {
        return false;
      }
      ahead.add(block.get());
    }
    return true;
  }

  public void completeStep() {
    StreamBlocks.Block done = ahead.remove(0);
    done.held().forEach(window::add);
    step++;
    StreamPosition at = done.after();
    reached =
        new StreamState(
            at,
            window.from().orElse(at),
            step <= run.plan().totalSteps() - fixedCount() ? at : reached.calibration());
  }

  public StreamState state() {
    return reached;
  }

  public Examples heldOut() {
    while (!fill(PROGRESS_INTERVAL)) {
      progress.run();
    }
    return share.examples(window.examples());
  }

  @Override
  public Batch load(long wanted) {
    int index = Math.toIntExact(wanted - step);
    while (!await(index + 1, PROGRESS_INTERVAL)) {
      progress.run();
    }
    Augmentation augmentation =
        Augmentation.of(
            run.config().data().augmentation(),
            run.dataset().input(),
            run.config().seed(),
            wanted * share.trainers() + share.trainer());
    return batch.fill(ahead.get(index).own(), augmentation, rows, 0, share.size());
  }

  @Override
  public int fixedCount() {
    return (int) Math.min(FIXED_BATCHES, run.plan().totalSteps());
  }

  /** The last batches of the run, read again. */
  @Override
  public Batch loadFixed(int index) {
    if (index == 0) {
      fixed.ifPresent(StreamBlocks::close);
      fixed = Optional.of(open(reached.calibration()));
    }
    while (true) {
      Optional<StreamBlocks.Block> block = fixed.orElseThrow().next(PROGRESS_INTERVAL);
      if (block.isPresent()) {
        return batch.fill(block.get().own(), rows, 0, run.config().data().batchSize());
      }
      progress.run();
    }
  }

  private boolean fill(Duration limit) {
    if (!filled) {
      filled = reading().refill(window, reached.at(), limit);
      if (filled && !reading().position().equals(reached.at())) {
        throw new StreamFailedException(
            "a stream must hold the records that were read of it before: at=%s, found=%s; its topic was compacted or written anew, so start a new run"
                .formatted(reached.at(), reading().position()));
      }
    }
    return filled;
  }

  private StreamBlocks reading() {
    if (blocks.isEmpty()) {
      blocks = Optional.of(open(reached.window()));
    }
    return blocks.get();
  }

  private StreamBlocks open(StreamPosition from) {
    return new StreamBlocks(new StreamCursor(stream, from, format), holdOut, share);
  }

  private void closeReaders() {
    blocks.ifPresent(StreamBlocks::close);
    fixed.ifPresent(StreamBlocks::close);
    blocks = Optional.empty();
    fixed = Optional.empty();
  }

  @Override
  public void close() {
    closeReaders();
  }
}
