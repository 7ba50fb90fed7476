package io.espalier.trainer.state;

import io.espalier.masks.Mask;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.TreeMap;

/** Living units of prunable parameters one by one in maps, everything else in arrays. */
final class CompactState implements StateAccess {
  private final StateLayout layout;
  private final Map<Integer, Map<Integer, Float>> units = new TreeMap<>();
  private final Map<Integer, FloatBuffer> arrays = new TreeMap<>();

  CompactState(StateLayout layout) {
    this.layout = layout;
  }

  private boolean isPrunable(int entry) {
    return layout.entries().get(entry).mask().isPresent();
  }

  private Map<Integer, Float> living(int entry, int slot) {
    return units.computeIfAbsent(10 * entry + slot, key -> new TreeMap<>());
  }

  /** Values that are stored of prunable parameters. */
  int stored() {
    return units.values().stream().mapToInt(Map::size).sum();
  }

  @Override
  public FloatBuffer array(int entry, int slot) {
    if (isPrunable(entry)) {
      throw new UnsupportedOperationException("entry=" + entry);
    }
    int size = layout.entries().get(entry).size();
    return arrays.computeIfAbsent(10 * entry + slot, key -> FloatBuffer.allocate(size)).duplicate();
  }

  @Override
  public void read(int entry, int slot, int from, FloatBuffer target) {
    if (!isPrunable(entry)) {
      StateAccess.super.read(entry, slot, from, target);
      return;
    }
    for (int unit = from; target.hasRemaining(); unit++) {
      target.put(living(entry, slot).getOrDefault(unit, 0f));
    }
  }

  @Override
  public void digest(int entry, int slot, ValueDigest digest) {
    if (!isPrunable(entry)) {
      StateAccess.super.digest(entry, slot, digest);
      return;
    }
    Map<Integer, Float> values = living(entry, slot);
    float[] kept = new float[values.size()];
    int next = 0;
    for (float value : values.values()) {
      kept[next++] = value;
    }
    digest.kept(Mask.of(layout.entries().get(entry).size(), values::containsKey), kept);
  }

  @Override
  public void write(int entry, int slot, FloatBuffer source) {
    if (isPrunable(entry)) {
      scatter(entry, slot, Mask.allKept(layout.entries().get(entry).size()), source);
    } else {
      StateAccess.super.write(entry, slot, source);
    }
  }

  @Override
  public void gather(int entry, int slot, Mask of, FloatBuffer target) {
    of.forEachKept(unit -> target.put(living(entry, slot).getOrDefault(unit, 0f)));
  }

  @Override
  public void scatter(int entry, int slot, Mask of, FloatBuffer source) {
    living(entry, slot).clear();
    of.forEachKept(unit -> living(entry, slot).put(unit, source.get()));
  }

  @Override
  public void retain(int entry, int slot, Mask of) {
    living(entry, slot).keySet().removeIf(unit -> !of.isKept(unit));
    of.forEachKept(unit -> living(entry, slot).putIfAbsent(unit, 0f));
  }

  @Override
  public void restart(int entry, int slot, Mask of) {
    of.forEachKept(unit -> living(entry, slot).put(unit, 0f));
  }
}
