package io.espalier.training.transport;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.espalier.configs.fault.CrashPoint;
import io.espalier.configs.fault.ResourceStack;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A media driver of this process, its client and the client's thread, which idle by sleeping. */
final class AeronRuntime<A extends AeronAgent> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AeronRuntime.class);
  // Driver and client live and die together: a suspended process must not part them.
  private static final long SUSPENSION_NS = TimeUnit.DAYS.toNanos(1);

  private final ResourceStack opened;
  private final A agent;
  private final AgentRunner runner;

  private AeronRuntime(
      MediaDriver.Context context, Function<Aeron, A> agentOf, ResourceStack opened) {
    this.opened = opened;
    Path directory = AeronDirectories.fresh();
    opened.add(() -> AeronDirectories.remove(directory));
    MediaDriver driver = driver(context.aeronDirectoryName(directory.toString()));
    opened.add(driver::close);
    CrashPoint.DRIVER_STARTED.pass();
    Aeron aeron = client(directory);
    opened.add(aeron::close);
    CrashPoint.AERON_CONNECTED.pass();
    agent = agentOf.apply(aeron);
    runner = new AgentRunner(idleStrategy(), agent::onError, null, agent);
    opened.add(runner::close);
    AgentRunner.startOnThread(runner, this::daemon);
  }

  /** Starts driver, client and thread; {@code agent} is made for the client. */
  static <A extends AeronAgent> AeronRuntime<A> start(
      MediaDriver.Context context, Function<Aeron, A> agent) {
    return ResourceStack.open(opened -> new AeronRuntime<>(context, agent, opened));
  }

  private static MediaDriver driver(MediaDriver.Context context) {
    return MediaDriver.launchEmbedded(
        context
            .threadingMode(ThreadingMode.SHARED)
            .sharedIdleStrategy(idleStrategy())
            .termBufferSparseFile(true)
            .warnIfDirectoryExists(false)
            .clientLivenessTimeoutNs(SUSPENSION_NS)
            .publicationUnblockTimeoutNs(2 * SUSPENSION_NS)
            .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(SUSPENSION_NS))
            .errorHandler(error -> LOG.warn("the media driver failed", error))
            .dirDeleteOnStart(true)
            .dirDeleteOnShutdown(true));
  }

  private static Aeron client(Path directory) {
    return Aeron.connect(
        new Aeron.Context()
            .aeronDirectoryName(directory.toString())
            .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(SUSPENSION_NS))
            .errorHandler(error -> LOG.warn("Aeron failed", error))
            .idleStrategy(new SleepingMillisIdleStrategy(4)));
  }

  A agent() {
    return agent;
  }

  /** Runs {@code command} in the transfer thread; its exception fails {@code result}. */
  void execute(Runnable command, CompletableFuture<?> result) {
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

  @Override
  public void close() {
    opened.close();
  }

  private static BackoffIdleStrategy idleStrategy() {
    return new BackoffIdleStrategy(
        10, 20, TimeUnit.MICROSECONDS.toNanos(1), TimeUnit.MILLISECONDS.toNanos(1));
  }

  private Thread daemon(Runnable task) {
    Thread thread = new Thread(task, agent.roleName());
    thread.setDaemon(true);
    return thread;
  }
}
