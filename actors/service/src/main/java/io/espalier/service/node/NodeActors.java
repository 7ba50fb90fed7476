package io.espalier.service.node;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Props;
import akka.actor.typed.RecipientRef;
import akka.actor.typed.javadsl.AskPattern;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.SingletonActor;
import io.espalier.service.journal.Journal;
import io.espalier.service.notice.NoticeParts;
import io.espalier.service.run.AttemptRegistry;
import io.espalier.service.run.NodeMeters;
import io.espalier.service.run.NodeReporter;
import io.espalier.service.run.RunEntity;
import io.espalier.service.run.RunHost;
import io.espalier.service.run.Scheduler;
import io.espalier.service.run.SchedulerReply;
import io.espalier.service.run.SchedulerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** The actors of a node: entities of its shards, the scheduler if it is here, its reporter. */
final class NodeActors {
  private static final String SCHEDULER = "scheduler";
  private static final String REPORTER = "node-agent";
  private static final Duration LEAVE_LIMIT = Duration.ofSeconds(3);

  private final ActorSystem<?> system;
  private final Parts parts;
  private final ActorRef<Scheduler.Command> scheduler;
  private final ActorRef<NodeReporter.Command> reporter;

  record Parts(
      ServiceSettings settings,
      AttemptRegistry attempts,
      Journal journal,
      RunDirectories files,
      NodeMeters meters,
      NoticeParts notices,
      Clock clock) {}

  NodeActors(ActorSystem<?> system, Parts parts) {
    this.system = system;
    this.parts = parts;
    String node = parts.settings().offer().node();
    String writer = node + "/" + UUID.randomUUID();
    scheduler =
        ClusterSingleton.get(system)
            .init(SingletonActor.of(Scheduler.create(schedulerSettings(writer)), SCHEDULER));
    RunHost host =
        new RunHost(
            node,
            writer,
            parts.settings().runs(),
            parts.attempts(),
            scheduler::tell,
            parts.meters(),
            parts.clock());
    ClusterSharding.get(system)
        .init(
            Entity.of(RunEntity.KEY, entity -> RunEntity.create(entity, host))
                .withStopMessage(new RunEntity.Stop()));
    reporter =
        system.systemActorOf(
            NodeReporter.create(parts.settings().offer()), REPORTER, Props.empty());
  }

  ActorRef<Scheduler.Command> scheduler() {
    return scheduler;
  }

  RecipientRef<RunEntity.Command> entity(String run) {
    return ClusterSharding.get(system).entityRefFor(RunEntity.KEY, run);
  }

  /** Withdraws the offer; completes once the scheduler has answered, or a time has passed. */
  CompletionStage<Done> leave() {
    reporter.tell(new NodeReporter.Leave());
    String node = parts.settings().offer().node();
    return AskPattern.<Scheduler.Command, SchedulerReply>ask(
            scheduler,
            replyTo -> new Scheduler.NodeLeaves(node, replyTo),
            LEAVE_LIMIT,
            system.scheduler())
        .handle((gone, failure) -> Done.getInstance());
  }

  private SchedulerSettings schedulerSettings(String writer) {
    return new SchedulerSettings(
        writer,
        this::entity,
        this::clean,
        parts.settings().retention(),
        parts.settings().mostWaiting(),
        parts.meters(),
        parts.notices(),
        parts.clock());
  }

  private CompletionStage<Void> clean(String run) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            parts.files().delete(run);
            parts.journal().purge(RunEntity.persistenceId(run));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } catch (SQLException e) {
            throw new CompletionException(e);
          }
        },
        system.dispatchers().lookup(DispatcherSelector.blocking()));
  }
}
