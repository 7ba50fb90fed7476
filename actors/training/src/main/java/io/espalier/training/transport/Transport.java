package io.espalier.training.transport;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves transfers between the actors of one process over Aeron IPC, with a media driver of its own
 * and idle strategies that sleep.
 *
 * <p>Thread-safe. At most one transfer of a name may be sent, and each is received once.
 */
public final class Transport implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Transport.class);
  // Driver and client live and die together: a pause of the process must not part them.
  private static final long PAUSE_NS = TimeUnit.DAYS.toNanos(1);
  private static final String CHANNEL = "aeron:ipc";
  private static final int STREAM = 1001;
  private static final int TERM_BYTES = 8 * 1024 * 1024;
  private static final int FRAME_BYTES = 32 * 1024;

  private final MediaDriver driver;
  private final Aeron aeron;
  private final TransferAgent agent;
  private final AgentRunner runner;

  private Transport(MediaDriver driver, Aeron aeron) {
    this.driver = driver;
    this.aeron = aeron;
    this.agent =
        new TransferAgent(
            aeron.addExclusivePublication(CHANNEL, STREAM), aeron.addSubscription(CHANNEL, STREAM));
    this.runner =
        new AgentRunner(idleStrategy(), error -> agent.incoming().fail(error), null, agent);
    AgentRunner.startOnThread(runner, task -> daemon(task));
  }

  /** Starts a media driver in this process and connects to it. */
  public static Transport start() {
    MediaDriver driver =
        MediaDriver.launchEmbedded(
            new MediaDriver.Context()
                .aeronDirectoryName(AeronDirectories.fresh().toString())
                .threadingMode(io.aeron.driver.ThreadingMode.SHARED)
                .sharedIdleStrategy(idleStrategy())
                .ipcTermBufferLength(TERM_BYTES)
                .ipcMtuLength(FRAME_BYTES)
                .termBufferSparseFile(true)
                .warnIfDirectoryExists(false)
                .clientLivenessTimeoutNs(PAUSE_NS)
                .publicationUnblockTimeoutNs(2 * PAUSE_NS)
                .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(PAUSE_NS))
                .errorHandler(error -> LOG.warn("the media driver failed", error))
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true));
    try {
      return connect(driver);
    } catch (RuntimeException e) {
      driver.close();
      throw e;
    }
  }

  private static Transport connect(MediaDriver driver) {
    Aeron aeron =
        Aeron.connect(
            new Aeron.Context()
                .aeronDirectoryName(driver.aeronDirectoryName())
                .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(PAUSE_NS))
                .errorHandler(error -> LOG.warn("Aeron failed", error))
                .idleStrategy(new SleepingMillisIdleStrategy(4)));
    try {
      return new Transport(driver, aeron);
    } catch (RuntimeException e) {
      aeron.close();
      throw e;
    }
  }

  /** Sends {@code bytes}, which must not change until the returned stage completes. */
  public CompletionStage<Void> send(TransferId id, ByteBuffer bytes) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    OutgoingTransfer transfer = new OutgoingTransfer(id, bytes.duplicate(), done);
    execute(() -> agent.send(transfer), done);
    return done;
  }

  /** The bytes of the transfer that {@code id} names, whenever they arrive; little-endian. */
  public CompletionStage<ByteBuffer> receive(TransferId id) {
    CompletableFuture<ByteBuffer> whole = new CompletableFuture<>();
    execute(() -> agent.incoming().claim(id, whole), whole);
    return whole;
  }

  /** A lane over this transport, which outlives it. */
  public Lane lane() {
    return new Lane() {
      @Override
      public CompletionStage<Void> send(TransferId id, ByteBuffer bytes) {
        return Transport.this.send(id, bytes);
      }

      @Override
      public CompletionStage<ByteBuffer> receive(TransferId id) {
        return Transport.this.receive(id);
      }

      @Override
      public void close() {}
    };
  }

  /** How often a frame had to wait because the receiver was behind. */
  public long backPressure() {
    return agent.backPressure();
  }

  @Override
  public void close() {
    CloseHelper.closeAll(runner, aeron, driver);
  }

  private void execute(Runnable command, CompletableFuture<?> result) {
    if (!agent.execute(command)) {
      result.completeExceptionally(new IllegalStateException("the transport was closed"));
    }
    Thread thread = runner.thread();
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  private static BackoffIdleStrategy idleStrategy() {
    return new BackoffIdleStrategy(
        10, 20, TimeUnit.MICROSECONDS.toNanos(1), TimeUnit.MILLISECONDS.toNanos(1));
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "espalier-transfers");
    thread.setDaemon(true);
    return thread;
  }
}
