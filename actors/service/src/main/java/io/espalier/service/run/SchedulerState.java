package io.espalier.service.run;

import io.espalier.service.RunState;
import io.espalier.service.ServiceMessage;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The runs that the scheduler knows. Belongs to one actor. */
public final class SchedulerState {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int LONGEST_SLUG = 40;

  private final NavigableMap<Long, ScheduledRun> entries = new TreeMap<>();
  private final Map<String, Long> numbers = new HashMap<>();
  private final Map<String, String> keys = new HashMap<>();
  private final Set<String> forgetting = new TreeSet<>();
  private long last;
  private String writer = "";
  private final RecentSubmissions recent = new RecentSubmissions();

  /** The state in a snapshot. Names are stored: none may change. */
  public record Saved(
      List<ScheduledRun> entries,
      List<String> forgetting,
      long last,
      String writer,
      Optional<List<RecentSubmissions.Entry>> recent)
      implements ServiceMessage {
    public Saved {
      entries = List.copyOf(entries);
      forgetting = List.copyOf(forgetting);
      recent = recent.map(List::copyOf);
    }
  }

  static SchedulerState of(Saved saved) {
    SchedulerState state = new SchedulerState();
    saved.entries().forEach(state::put);
    state.forgetting.addAll(saved.forgetting());
    state.last = saved.last();
    state.writer = saved.writer();
    saved.recent().orElse(List.of()).forEach(state.recent::add);
    return state;
  }

  Saved saved() {
    return new Saved(
        List.copyOf(entries.values()),
        List.copyOf(forgetting),
        last,
        writer,
        Optional.of(recent.all()));
  }

  SchedulerState after(SchedulerEvent.Noted noted) {
    writer = noted.writer();
    if (noted.event() instanceof SchedulerEvent.Registered registered) {
      last = registered.number();
      put(ScheduledRun.of(registered));
      recent.add(registered.spec());
    } else if (noted.event() instanceof SchedulerEvent.Reported reported) {
      find(reported.run()).ifPresent(entry -> put(entry.with(reported)));
    } else if (noted.event() instanceof SchedulerEvent.Forgetting gone) {
      remove(gone.run());
      forgetting.add(gone.run());
    } else if (noted.event() instanceof SchedulerEvent.Forgotten forgotten) {
      forgetting.remove(forgotten.run());
    }
    return this;
  }

  /** The id of the next run: its name, its time, and a number that never repeats. */
  String nextId(String name, Instant now) {
    String plain = name.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[-._]+|[-.]+$", "");
    String slug = plain.substring(0, Math.min(LONGEST_SLUG, plain.length()));
    return "%s-%s-%x".formatted(slug.isEmpty() ? "run" : slug, TIME.format(now), nextNumber());
  }

  long nextNumber() {
    return last + 1;
  }

  String writer() {
    return writer;
  }

  Optional<ScheduledRun> find(String run) {
    return Optional.ofNullable(numbers.get(run)).map(entries::get);
  }

  Optional<ScheduledRun> ofKey(String key) {
    return Optional.ofNullable(keys.get(key)).flatMap(this::find);
  }

  Collection<ScheduledRun> oldestFirst() {
    return Collections.unmodifiableCollection(entries.values());
  }

  Collection<ScheduledRun> newestFirst() {
    return Collections.unmodifiableCollection(entries.descendingMap().values());
  }

  List<ScheduledRun> unfinished() {
    return entries.values().stream().filter(entry -> !entry.state().isEnded()).toList();
  }

  List<ScheduledRun> holding() {
    return entries.values().stream().filter(entry -> entry.state().hasAttempt()).toList();
  }

  long waiting() {
    return entries.values().stream().filter(entry -> entry.state() == RunState.QUEUED).count();
  }

  /** Runs that hold a place of the queue: queued or paused. */
  long idle() {
    return entries.values().stream()
        .filter(entry -> !entry.state().isEnded() && !entry.state().hasAttempt())
        .count();
  }

  /** Submissions of the last hour, also of runs that are deleted since. */
  RecentSubmissions recent() {
    return recent;
  }

  /** Deleted runs whose files and rows are not removed yet. */
  Set<String> forgetting() {
    return Collections.unmodifiableSet(forgetting);
  }

  private void put(ScheduledRun entry) {
    entries.put(entry.number(), entry);
    numbers.put(entry.run(), entry.number());
    entry.key().ifPresent(key -> keys.put(key, entry.run()));
  }

  private void remove(String run) {
    find(run)
        .ifPresent(
            entry -> {
              entries.remove(entry.number());
              numbers.remove(run);
              entry.key().ifPresent(keys::remove);
            });
  }
}
