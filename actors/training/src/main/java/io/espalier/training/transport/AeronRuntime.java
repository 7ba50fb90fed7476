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
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A media driver of this process, its client and the thread of its agent, which idle by sleeping.
 * That of transfers within the process also drives driver and client: their own threads would wake
 * a thousand times a second beside trainers, which costs them up to one percent.
 */
final class AeronRuntime<A extends AeronAgent> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AeronRuntime.class);
  // Driver and client live and die together: a suspended process must not part them.
  private static final long SUSPENSION_NS = TimeUnit.DAYS.toNanos(1);

  private final ResourceStack opened;
  private final A agent;
  private final AgentRunner runner;

  private AeronRuntime(
      MediaDriver.Context driverContext,
      Aeron.Context clientContext,
      EpochClock wall,
      Function<Aeron, A> agentOf,
      ResourceStack opened) {
    this.opened = opened;
    Path directory = AeronDirectories.fresh();
    opened.add(() -> AeronDirectories.remove(directory));
    EpochClock clock = new SteadyClock(wall, SystemNanoClock.INSTANCE);
    MediaDriver driver =
        driver(driverContext.aeronDirectoryName(directory.toString()).epochClock(clock));
    opened.add(driver::close);
    CrashPoint.DRIVER_STARTED.pass();
    Aeron aeron = client(clientContext.epochClock(clock), driver);
    opened.add(aeron::close);
    CrashPoint.AERON_CONNECTED.pass();
    agent = agentOf.apply(aeron);
    runner = new AgentRunner(idleStrategy(), agent::onError, null, driven(agent, driver, aeron));
    opened.add(runner::close);
    AgentRunner.startOnThread(runner, this::daemon);
  }

  /** Starts driver, client and thread; {@code agent} is made for the client. */
  static <A extends AeronAgent> AeronRuntime<A> start(
      MediaDriver.Context context, Function<Aeron, A> agent) {
    return start(
        context.threadingMode(ThreadingMode.SHARED),
        new Aeron.Context(),
        SystemEpochClock.INSTANCE,
        agent);
  }

  /** Starts a thread that drives driver and client too; {@code agent} is made for the client. */
  static <A extends AeronAgent> AeronRuntime<A> startInOneThread(
      MediaDriver.Context context, EpochClock wall, Function<Aeron, A> agent) {
    return start(
        context.threadingMode(ThreadingMode.INVOKER),
        new Aeron.Context().useConductorAgentInvoker(true),
        wall,
        agent);
  }

  private static <A extends AeronAgent> AeronRuntime<A> start(
      MediaDriver.Context driver, Aeron.Context client, EpochClock wall, Function<Aeron, A> agent) {
    return ResourceStack.open(opened -> new AeronRuntime<>(driver, client, wall, agent, opened));
  }

  private static MediaDriver driver(MediaDriver.Context context) {
    return MediaDriver.launchEmbedded(
        context
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

  private static Aeron client(Aeron.Context context, MediaDriver driver) {
    return Aeron.connect(
        context
            .driverAgentInvoker(driver.sharedAgentInvoker())
            .aeronDirectoryName(driver.aeronDirectoryName())
            .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(SUSPENSION_NS))
            .errorHandler(error -> LOG.warn("Aeron failed", error))
            .idleStrategy(new SleepingMillisIdleStrategy(4)));
  }

  private static Agent driven(AeronAgent agent, MediaDriver driver, Aeron client) {
    AgentInvoker media = driver.sharedAgentInvoker();
    AgentInvoker conductor = client.conductorAgentInvoker();
    return media == null || conductor == null ? agent : new OneThread(agent, media, conductor);
  }

  /** An agent whose thread drives driver and client too; their owners close these. */
  private record OneThread(AeronAgent agent, AgentInvoker media, AgentInvoker conductor)
      implements Agent {
    @Override
    public int doWork() {
      return agent.doWork() + media.invoke() + conductor.invoke();
    }

    @Override
    public void onClose() {
      agent.onClose();
    }

    @Override
    public String roleName() {
      return agent.roleName();
    }
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
