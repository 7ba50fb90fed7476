package io.espalier.service.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.Behaviors;
import io.espalier.service.ServiceMessage;
import io.espalier.service.journal.Journal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compacts the journal periodically. The guardian of a node's actors. */
final class JournalKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(JournalKeeper.class);
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private JournalKeeper() {}

  record Tidy() implements ServiceMessage {}

  static Behavior<Tidy> create(Journal journal) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(new Tidy(), INTERVAL);
                  Executor blocking =
                      context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
                  return Behaviors.receive(Tidy.class)
                      .onMessage(
                          Tidy.class,
                          tidy -> {
                            blocking.execute(() -> tidy(journal));
                            return Behaviors.same();
                          })
                      .build();
                }));
  }

  private static void tidy(Journal journal) {
    try {
      journal.tidy();
    } catch (SQLException | RuntimeException e) {
      LOG.warn("the journal must be kept tidy: {}", e.toString());
    }
  }
}
