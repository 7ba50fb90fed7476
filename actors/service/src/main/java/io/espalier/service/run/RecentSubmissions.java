package io.espalier.service.run;

import io.espalier.service.Ownership;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The submissions of an hour, the oldest first. Belongs to one actor. */
final class RecentSubmissions {
  private static final Duration WINDOW = Duration.ofHours(1);

  /** Beyond it the oldest are forgotten: four times the largest limit of an owner. */
  private static final int MOST = 40_000;

  private final Deque<Entry> entries = new ArrayDeque<>();

  /** Names are stored: none may change. */
  public record Entry(Instant time, Ownership ownership) {}

  void add(RunSpec spec) {
    add(new Entry(spec.submitted(), spec.whose()));
  }

  void add(Entry entry) {
    entries.addLast(entry);
    Instant begin = entry.time().minus(WINDOW);
    while (entries.size() > MOST || !entries.getFirst().time().isAfter(begin)) {
      entries.removeFirst();
    }
  }

  List<Entry> all() {
    return List.copyOf(entries);
  }

  /** Counts submissions in the hour before {@code now}. */
  long count(Predicate<Ownership> whose, Instant now) {
    return within(whose, now).size();
  }

  /** When fewer than {@code limit} are left in the hour; empty if that is so now. */
  Optional<Instant> free(Predicate<Ownership> whose, Instant now, long limit) {
    List<Entry> recent = within(whose, now);
    int surplus = (int) (recent.size() - limit);
    return surplus < 0 ? Optional.empty() : Optional.of(recent.get(surplus).time().plus(WINDOW));
  }

  private List<Entry> within(Predicate<Ownership> whose, Instant now) {
    Instant begin = now.minus(WINDOW);
    return entries.stream()
        .filter(entry -> entry.time().isAfter(begin) && whose.test(entry.ownership()))
        .sorted(Comparator.comparing(Entry::time))
        .toList();
  }
}
