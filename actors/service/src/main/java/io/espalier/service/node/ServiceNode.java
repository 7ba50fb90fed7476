package io.espalier.service.node;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.espalier.service.RunService;
import io.espalier.service.ServiceStartException;
import io.espalier.service.cluster.NodeNames;
import io.espalier.service.journal.Journal;
import io.espalier.service.notice.NoticeMeters;
import io.espalier.service.notice.NoticeParts;
import io.espalier.service.notice.NoticeSettings;
import io.espalier.service.run.AttemptRegistry;
import io.espalier.service.run.NodeMeters;
import io.espalier.service.run.RunLauncher;
import io.espalier.service.run.RunMeters;
import io.espalier.service.run.SchedulerReply;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node of the training service: home, journal, actors and attempts. {@link #close} pauses every
 * attempt first; the next start goes on from its checkpoint. Thread-safe.
 */
public final class ServiceNode implements AutoCloseable {
  public static final String SYSTEM = "espalier";

  private static final Logger LOG = LoggerFactory.getLogger(ServiceNode.class);
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);
  private static final Duration STOP_LIMIT = Duration.ofMinutes(5);
  private static final Duration INTERRUPT_LIMIT = Duration.ofSeconds(20);
  private static final String WHY_STOPPED = "the service was stopped";

  private final ServiceHome home;
  private final Journal journal;
  private final AttemptRegistry attempts;
  private final ActorSystem<?> system;
  private final NodeActors actors;
  private final NodeRunService service;
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final String node;
  private final Path runs;
  private final RunDirectories files;
  private final CompletionStage<Done> ended;

  private ServiceNode(
      ServiceSettings settings,
      Function<ActorSystem<?>, RunLauncher> launcher,
      Consumer<ActorSystem<?>> admission,
      ServiceHome home,
      Journal journal) {
    this.home = home;
    this.journal = journal;
    this.node = settings.offer().node();
    this.runs = settings.runs();
    this.files = new RunDirectories(settings.runs());
    Clock clock = Clock.systemUTC();
    system = ActorSystem.create(JournalKeeper.create(journal), SYSTEM, config(settings, journal));
    try {
      join(settings);
      attempts = new AttemptRegistry(launcher.apply(system));
      admission.accept(system);
    } catch (RuntimeException e) {
      shutDown();
      throw e;
    }
    meters.getPrometheusRegistry().register(new RunMeters(attempts));
    Submissions submissions = new Submissions(new DataDirectories(settings.data()), clock);
    NoticeSettings notices = settings.notices();
    actors =
        new NodeActors(
            system,
            new NodeActors.Parts(
                settings,
                attempts,
                journal,
                files,
                new NodeMeters(meters),
                NoticeParts.of(
                    notices,
                    new NoticeMeters(meters, notices.names()),
                    submissions::withoutPlaces,
                    clock),
                clock));
    service = new NodeRunService(system, actors, files, submissions);
    CoordinatedShutdown.get(system)
        .addTask(CoordinatedShutdown.PhaseServiceStop(), "checkpoint attempts", this::drain);
    ended = end(system);
  }

  /**
   * Completes when the actors have ended, or when their shutdown has run out of time: Artery waits
   * without limit for streams that do not complete (akka/akka issue 30326).
   */
  private static CompletionStage<Done> end(ActorSystem<?> system) {
    var ended = new CompletableFuture<Done>();
    system.getWhenTerminated().thenAccept(ended::complete);
    CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
    shutdown.addTask(
        CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
        "end in time",
        () -> {
          shutdown
              .runAll(CoordinatedShutdown.actorSystemTerminateReason())
              .thenAccept(ended::complete);
          return CompletableFuture.completedFuture(Done.done());
        });
    return ended;
  }

  /** Waits until the node is up in its cluster; no run starts here before. */
  private void join(ServiceSettings settings) {
    Cluster cluster = Cluster.get(system);
    if (!settings.clustered()) {
      cluster.manager().tell(Join.create(cluster.selfMember().address()));
    }
    awaitStart(() -> cluster.selfMember().status().equals(MemberStatus.up()));
    if (settings.clustered()) {
      NodeNames.requireOnly(system, node, START_LIMIT);
    }
  }

  private void awaitStart(BooleanSupplier condition) {
    long untilNs = System.nanoTime() + START_LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > untilNs) {
        throw new ServiceStartException(
            "a node must join its cluster within %d s: node=%s, address=%s; look at the addresses of its seed nodes"
                .formatted(
                    START_LIMIT.toSeconds(), node, Cluster.get(system).selfMember().address()));
      }
      pause();
    }
  }

  /**
   * Starts a node; unfinished runs go on at once.
   *
   * @throws ServiceStartException if another process has the home, the node cannot join, or the
   *     journal cannot be used
   */
  public static ServiceNode start(
      ServiceSettings settings, Function<ActorSystem<?>, RunLauncher> launcher) {
    return start(settings, launcher, system -> {});
  }

  /**
   * Starts a node, which may be kept out of its cluster.
   *
   * @param admission throws if the node, now a member of its cluster, must not serve there; no run
   *     starts here before it has returned
   * @throws ServiceStartException if another process has the home, the node cannot join, its
   *     directory of runs is not that of its cluster, or the journal cannot be used
   */
  public static ServiceNode start(
      ServiceSettings settings,
      Function<ActorSystem<?>, RunLauncher> launcher,
      Consumer<ActorSystem<?>> admission) {
    ServiceHome home = ServiceHome.open(settings);
    Journal journal;
    try {
      journal = Journal.open(settings.journal());
    } catch (RuntimeException e) {
      home.close();
      throw e;
    }
    ServiceNode started;
    try {
      if (settings.clustered()) {
        SharedRuns.require(settings.runs(), journal);
      }
      started = new ServiceNode(settings, launcher, admission, home, journal);
    } catch (RuntimeException e) {
      journal.close();
      home.close();
      throw e;
    }
    try {
      started.awaitStart(started::isOffered);
      started.noticeForgottenRuns();
    } catch (RuntimeException e) {
      started.close();
      throw e;
    }
    return started;
  }

  public RunService service() {
    return service;
  }

  public CompletionStage<SchedulerReply.Overview> overview() {
    return service.overview();
  }

  public String name() {
    return node;
  }

  public ActorSystem<?> system() {
    return system;
  }

  /** Directory of the runs' directories. */
  public Path runs() {
    return runs;
  }

  /** The node's metrics; close it after what reads it. */
  public PrometheusMeterRegistry meters() {
    return meters;
  }

  /** Writes a ZIP archive of the journal's files as of now; false if it is in a shared database. */
  public boolean backUpJournal(Path zip) throws IOException {
    try {
      return journal.backUp(zip);
    } catch (SQLException e) {
      throw new IOException("the journal must be readable to be backed up: " + e.getMessage(), e);
    }
  }

  /** Completes at the end of the actors, which an error or the cluster may cause. */
  public CompletionStage<Done> ended() {
    return ended;
  }

  public int attempts() {
    return attempts.size();
  }

  @Override
  public void close() {
    service.close();
    shutDown();
    service.refuseOpen();
    meters.close();
    journal.close();
    home.close();
  }

  private void shutDown() {
    CompletionStage<Done> down =
        CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.actorSystemTerminateReason());
    try {
      await(down, STOP_LIMIT);
    } catch (ServiceStartException e) {
      LOG.warn("a node must stop in time: {}", e.getMessage());
      system.terminate();
    }
  }

  private CompletionStage<Done> drain() {
    service.close();
    return actors
        .leave()
        .thenCompose(left -> attempts.drain(WHY_STOPPED, checkpointLimit()))
        .thenApply(nothing -> Done.getInstance());
  }

  /** In the rest of the shutdown's time, attempts that were interrupted end. */
  private Duration checkpointLimit() {
    Duration all =
        system
            .settings()
            .config()
            .getDuration("akka.coordinated-shutdown.phases.service-stop.timeout");
    Duration rest = all.dividedBy(2);
    return all.minus(rest.compareTo(INTERRUPT_LIMIT) < 0 ? rest : INTERRUPT_LIMIT);
  }

  private static Config config(ServiceSettings settings, Journal journal) {
    return ConfigFactory.defaultOverrides()
        .withFallback(settings.overlay())
        .withFallback(journal.config())
        .withFallback(ConfigFactory.parseResources("service.conf"))
        .withFallback(ConfigFactory.defaultApplication())
        .withFallback(ConfigFactory.defaultReference())
        .resolve();
  }

  private boolean isOffered() {
    try {
      SchedulerReply.Overview overview = await(service.overview(), START_LIMIT);
      return overview.nodes().stream().anyMatch(use -> use.offer().node().equals(node));
    } catch (ServiceStartException | CompletionException e) {
      return false;
    }
  }

  /** A journal that was lost leaves the directories of runs that nobody knows any more. */
  private void noticeForgottenRuns() {
    try {
      long directories = files.count();
      if (directories > 0 && await(service.overview(), START_LIMIT).runs() == 0) {
        LOG.warn(
            "the journal knows no run, but there are directories of runs: runs={}, directories={}; put the journal back from a backup, or train on with espalier train --resume DIRECTORY",
            runs,
            directories);
      }
    } catch (IOException e) {
      throw new ServiceStartException("the directory of runs must be readable: runs=" + runs, e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_INTERVAL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceStartException("the start was interrupted", e);
    }
  }

  private static <T> T await(CompletionStage<T> stage, Duration limit) {
    try {
      return stage.toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new ServiceStartException("no answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceStartException("interrupted", e);
    }
  }
}
