package io.espalier.training.transport;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
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
 * Moves the transfers of trainers on other nodes over Aeron UDP, each frame sealed under a key of
 * its lane. One for all runs of a node; the media driver starts with it.
 *
 * <p>Aeron puts frames in order and asks for lost ones again; it neither encrypts nor
 * authenticates, so whatever does not open is counted and dropped. 100 MB over loopback, on two
 * cores that others used too: sealed 200 to 290 MB/s, plain 390 to 970. Thread-safe.
 */
public final class UdpTransport implements AutoCloseable {
  static final int STREAM = 1002;

  private static final Logger LOG = LoggerFactory.getLogger(UdpTransport.class);
  private static final int TERM_BYTES = 8 * 1024 * 1024;
  // Loopback and jumbo frames take it whole; on an MTU of 1500 the kernel splits it into six.
  private static final int MTU_BYTES = 8192;
  private static final int WINDOW_BYTES = 1 << 20;
  private static final int SOCKET_BYTES = 2 << 20;
  private static final long LIVENESS_NS = TimeUnit.SECONDS.toNanos(30);

  private final String address;
  private final MediaDriver driver;
  private final Aeron aeron;
  private final UdpTransferAgent agent;
  private final AgentRunner runner;

  private UdpTransport(String address, MediaDriver driver, Aeron aeron) {
    this.address = address;
    this.driver = driver;
    this.aeron = aeron;
    this.agent = new UdpTransferAgent(aeron, aeron.addSubscription(channel(address), STREAM));
    this.runner =
        new AgentRunner(
            idleStrategy(),
            error -> LOG.warn("a turn of the transfers failed", error),
            null,
            agent);
    AgentRunner.startOnThread(runner, UdpTransport::daemon);
  }

  /**
   * Starts a media driver in this process that listens at a UDP address.
   *
   * @param address host and port, as other nodes reach it
   */
  public static UdpTransport start(String address) {
    int socketBytes = socketBytes();
    MediaDriver driver =
        MediaDriver.launchEmbedded(
            new MediaDriver.Context()
                .aeronDirectoryName(AeronDirectories.fresh().toString())
                .threadingMode(io.aeron.driver.ThreadingMode.SHARED)
                .sharedIdleStrategy(idleStrategy())
                .publicationTermBufferLength(TERM_BYTES)
                .mtuLength(MTU_BYTES)
                .initialWindowLength(Math.min(WINDOW_BYTES, socketBytes))
                .socketRcvbufLength(socketBytes)
                .socketSndbufLength(socketBytes)
                .termBufferSparseFile(true)
                .warnIfDirectoryExists(false)
                .imageLivenessTimeoutNs(LIVENESS_NS)
                .clientLivenessTimeoutNs(TimeUnit.DAYS.toNanos(1))
                .publicationUnblockTimeoutNs(TimeUnit.DAYS.toNanos(2))
                .driverTimeoutMs(TimeUnit.DAYS.toMillis(1))
                .errorHandler(error -> LOG.warn("the media driver failed", error))
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true));
    try {
      return connect(address, driver);
    } catch (RuntimeException e) {
      driver.close();
      throw e;
    }
  }

  private static UdpTransport connect(String address, MediaDriver driver) {
    Aeron aeron =
        Aeron.connect(
            new Aeron.Context()
                .aeronDirectoryName(driver.aeronDirectoryName())
                .driverTimeoutMs(TimeUnit.DAYS.toMillis(1))
                .errorHandler(error -> LOG.warn("Aeron failed", error))
                .idleStrategy(new SleepingMillisIdleStrategy(4)));
    try {
      return new UdpTransport(address, driver, aeron);
    } catch (RuntimeException e) {
      aeron.close();
      throw e;
    }
  }

  /** The kernel's limit where that is less than what is wished for. */
  private static int socketBytes() {
    try (DatagramChannel channel = DatagramChannel.open()) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BYTES);
      channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BYTES);
      return Math.min(
          SOCKET_BYTES,
          Math.min(
              channel.getOption(StandardSocketOptions.SO_RCVBUF),
              channel.getOption(StandardSocketOptions.SO_SNDBUF)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String channel(String address) {
    return "aeron:udp?endpoint=" + address;
  }

  /** Where this node listens. */
  public String address() {
    return address;
  }

  /** A new key for a life of a trainer of this node. */
  public LaneKey newKey() {
    return LaneKey.generate(address);
  }

  /**
   * The trainer's end of a lane.
   *
   * @param coordinator UDP address of the coordinator's node
   */
  public Lane toCoordinator(
      LaneKey key, long term, int trainer, int incarnation, String coordinator) {
    return lane(
        key,
        new TransferId(term, trainer, incarnation, TransferId.Direction.TO_TRAINER, 0),
        coordinator);
  }

  /** The coordinator's end of a lane whose key the trainer has told. */
  public Lane toTrainer(LaneKey key, long term, int trainer, int incarnation) {
    return lane(
        key,
        new TransferId(term, trainer, incarnation, TransferId.Direction.TO_COORDINATOR, 0),
        key.address());
  }

  private Lane lane(LaneKey key, TransferId life, String peer) {
    UdpTransferAgent.LaneEnd end = new UdpTransferAgent.LaneEnd(key.lane(), life.direction());
    CompletableFuture<Void> opened = new CompletableFuture<>();
    execute(() -> agent.open(end, key, life, peer), opened);
    return new End(end);
  }

  /** How often a frame had to wait because a receiver was behind. */
  public long backPressure() {
    return agent.backPressure();
  }

  /** Frames that arrived and were sealed by nobody who may, or came again. */
  public long dropped() {
    return agent.dropped();
  }

  @Override
  public void close() {
    CloseHelper.closeAll(runner, aeron, driver);
  }

  /** Runs in the transfer thread; what that throws is the result's. */
  private void execute(Runnable command, CompletableFuture<?> result) {
    boolean accepted =
        agent.execute(
            () -> {
              try {
                command.run();
              } catch (RuntimeException e) {
                result.completeExceptionally(e);
              }
            });
    if (!accepted) {
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
    Thread thread = new Thread(task, "espalier-node-transfers");
    thread.setDaemon(true);
    return thread;
  }

  /** One end of a lane, as actors see it. */
  private final class End implements Lane {
    private final UdpTransferAgent.LaneEnd end;

    End(UdpTransferAgent.LaneEnd end) {
      this.end = end;
    }

    @Override
    public CompletionStage<Void> send(TransferId id, ByteBuffer bytes) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      execute(() -> agent.lane(end).send(id, bytes.duplicate(), done), done);
      return done;
    }

    @Override
    public CompletionStage<ByteBuffer> receive(TransferId id) {
      CompletableFuture<ByteBuffer> whole = new CompletableFuture<>();
      execute(() -> agent.lane(end).incoming().claim(id, whole), whole);
      return whole;
    }

    @Override
    public void close() {
      execute(() -> agent.close(end), new CompletableFuture<>());
    }
  }
}
