package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.RunId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Documents about all runs in bounded memory: a row of each of the {@link #MOST_RUNS} newest runs,
 * and full documents of the {@link #MOST_DOCUMENTS} newest. Thread-safe: one thread takes events,
 * any thread subscribes.
 */
public final class ReadModel {
  public static final int MOST_RUNS = 1_000;
  public static final int MOST_DOCUMENTS = 200;

  private static final Comparator<KnownRun> BY_AGE = Comparator.comparing(KnownRun::updated);

  private static final Duration MOST_AHEAD = Duration.ofMinutes(5);

  private final Clock clock;
  private final Object lock = new Object();
  private final Map<RunId, KnownRun> runs = new HashMap<>();
  private final DocumentParts rows = new DocumentParts();
  private final SystemDocument system = new SystemDocument();
  private long version;

  public ReadModel(Clock clock) {
    this.clock = clock;
  }

  /**
   * Takes an event, ignoring repeated ones, and returns its time, or the reader's if the event's is
   * ahead by minutes.
   *
   * @throws IllegalArgumentException if it belongs to no run
   */
  public Instant take(Envelope envelope) {
    Instant now = clock.instant();
    Instant observed = envelope.time().isAfter(now.plus(MOST_AHEAD)) ? now : envelope.time();
    take(envelope, observed);
    return observed;
  }

  private void take(Envelope envelope, Instant observed) {
    synchronized (lock) {
      RunId id = envelope.run();
      KnownRun run = runs.get(id);
      if (run == null) {
        if (runs.size() >= MOST_RUNS && !forgetOldest(observed)) {
          return;
        }
        run = new KnownRun(id);
        runs.put(id, run);
      }
      if (run.document().isEmpty() && !run.isBroken() && hasRoomFor(run, observed)) {
        run.open();
      }
      run.take(envelope, observed);
    }
  }

  private boolean forgetOldest(Instant newer) {
    KnownRun oldest = runs.values().stream().min(BY_AGE).orElseThrow();
    if (!oldest.updated().isBefore(newer)) {
      return false;
    }
    runs.remove(oldest.id());
    rows.remove(oldest.id().value(), ++version);
    return true;
  }

  private boolean hasRoomFor(KnownRun run, Instant observed) {
    List<KnownRun> open =
        runs.values().stream().filter(each -> each.document().isPresent()).toList();
    if (open.size() < MOST_DOCUMENTS) {
      return true;
    }
    KnownRun oldest = open.stream().min(BY_AGE).orElseThrow();
    boolean newer = oldest.updated().isBefore(observed) || oldest.updated().isBefore(run.updated());
    if (newer) {
      oldest.drop(++version, clock.instant());
    }
    return newer;
  }

  public void topics(List<TopicProgress> progress) {
    synchronized (lock) {
      system.topics(progress, ++version);
    }
  }

  /** Subscribes to documents, also of unknown runs. */
  public Subscription subscribe(List<Subject> subjects) {
    return new Subscription(this, subjects);
  }

  void poll(List<SubscriptionCursor> cursors, List<JsonNode> messages) {
    synchronized (lock) {
      version++;
      Instant now = clock.instant();
      for (SubscriptionCursor cursor : cursors) {
        if (cursor.subject().run().isPresent()) {
          run(cursor, cursor.subject().run().map(runs::get), now, messages);
        } else {
          view(cursor.subject(), now).ifPresent(found -> cursor.poll(found, version, messages));
        }
      }
    }
  }

  private void run(
      SubscriptionCursor cursor, Optional<KnownRun> run, Instant now, List<JsonNode> messages) {
    boolean sent =
        run.isPresent()
            && run.get().with(document -> cursor.poll(view(document, now), version, messages));
    if (!sent) {
      cursor.absent(run.map(ReadModel::reasonFor), messages);
    }
  }

  private Optional<DocumentView> view(Subject subject, Instant now) {
    if (subject.equals(Subject.RUNS)) {
      runs.values().stream()
          .filter(each -> each.isChanged(now))
          .forEach(each -> rows.set(each.id().value(), each.row(version, now), version));
      return Optional.of(new DocumentView(this, rows, Map.of()));
    }
    return subject.equals(Subject.SYSTEM)
        ? Optional.of(system.view(runs.values(), version, now))
        : Optional.empty();
  }

  private DocumentView view(RunDocument document, Instant now) {
    document.refresh(version, now);
    return new DocumentView(document, document.parts(), document.series());
  }

  private static String reasonFor(KnownRun run) {
    return run.isBroken()
        ? "this run cannot be shown because of an error in its events; see the log"
        : "detail of the %d newest runs is kept".formatted(MOST_DOCUMENTS);
  }

  /**
   * The reading progress of a topic over all partitions, in records; {@code position} counts
   * skipped ones too.
   */
  public record TopicProgress(String name, long position, long end, double perSecond) {
    public long lag() {
      return Math.max(0, end - position);
    }
  }
}
