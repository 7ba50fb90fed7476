package io.espalier.telemetry.view;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The newest values over steps that are not void, see {@link Points}. Not thread-safe. */
final class RecentWindow<V> implements VoidedSteps.Values {
  private final VoidedSteps voided;
  private final int most;
  private final Consumer<Map.Entry<Long, V>> evicted;
  private final TreeMap<Long, Entry<V>> entries = new TreeMap<>();

  private record Entry<V>(int attempt, V value) {}

  RecentWindow(VoidedSteps voided, int most) {
    this(voided, most, entry -> {});
  }

  RecentWindow(VoidedSteps voided, int most, Consumer<Map.Entry<Long, V>> evicted) {
    this.voided = voided;
    this.most = most;
    this.evicted = evicted;
    voided.register(this);
  }

  void put(int attempt, long step, V value) {
    merge(attempt, step, value, (older, newer) -> newer);
  }

  /** Adds a value, merged with one of the same attempt and step. */
  void merge(int attempt, long step, V value, BinaryOperator<V> merge) {
    Map.Entry<Long, Entry<V>> before = entries.floorEntry(step);
    if (voided.isVoid(attempt, step) || (before != null && before.getValue().attempt() > attempt)) {
      return;
    }
    if (before == null || before.getValue().attempt() < attempt) {
      discard(attempt, step);
    }
    Entry<V> same = entries.get(step);
    V merged = same == null ? value : merge.apply(same.value(), value);
    entries.put(step, new Entry<>(attempt, merged));
    if (entries.size() > most) {
      Map.Entry<Long, Entry<V>> oldest = entries.pollFirstEntry();
      evicted.accept(Map.entry(oldest.getKey(), oldest.getValue().value()));
    }
  }

  @Override
  public void discard(int attempt, long firstVoid) {
    entries.tailMap(firstVoid, true).values().removeIf(each -> each.attempt() < attempt);
  }

  Optional<V> newest() {
    return entries.isEmpty()
        ? Optional.empty()
        : Optional.of(entries.lastEntry().getValue().value());
  }

  int size() {
    return entries.size();
  }

  /** Removes the inner value whose neighbours are closest. */
  void dropCrowded() {
    List<Long> steps = List.copyOf(entries.keySet());
    IntStream.range(1, steps.size() - 1)
        .boxed()
        .min(Comparator.comparingLong(i -> steps.get(i + 1) - steps.get(i - 1)))
        .ifPresent(i -> entries.remove(steps.get(i)));
  }

  long newestStep(long otherwise) {
    return entries.isEmpty() ? otherwise : entries.lastKey();
  }

  int newestAttempt() {
    return entries.isEmpty() ? 0 : entries.lastEntry().getValue().attempt();
  }

  Stream<V> values() {
    return entries.values().stream().map(Entry::value);
  }

  void forEach(BiConsumer<Long, V> action) {
    entries.forEach((step, entry) -> action.accept(step, entry.value()));
  }
}
