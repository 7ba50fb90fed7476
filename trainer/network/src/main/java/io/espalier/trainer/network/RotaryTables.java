package io.espalier.trainer.network;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The factors of a rotary embedding, {@code [half, pair, position]}; the tables used last are kept.
 * Not to be written to. Thread-safe.
 *
 * @param cosines alike for both halves
 * @param sines factors of the other half
 */
@SuppressWarnings("ArrayRecordComponent")
public record RotaryTables(float[] cosines, float[] sines) {
  private static final int MOST_KEPT = 8;
  private static final Map<Key, RotaryTables> KEPT = new LinkedHashMap<>(MOST_KEPT, 0.75f, true);

  private record Key(int headSize, float base, int positions) {}

  public static RotaryTables of(int headSize, float base, int positions) {
    Key key = new Key(headSize, base, positions);
    synchronized (KEPT) {
      RotaryTables tables = KEPT.get(key);
      if (tables == null) {
        tables = computed(key);
        KEPT.put(key, tables);
        if (KEPT.size() > MOST_KEPT) {
          KEPT.remove(KEPT.keySet().iterator().next());
        }
      }
      return tables;
    }
  }

  private static RotaryTables computed(Key key) {
    float[] cosines = new float[key.headSize * key.positions];
    float[] sines = new float[cosines.length];
    for (int i = 0; i < cosines.length; i++) {
      int pair = i / key.positions % (key.headSize / 2);
      double angle = i % key.positions * StrictMath.pow(key.base, -2.0 * pair / key.headSize);
      double sine = StrictMath.sin(angle);
      cosines[i] = (float) StrictMath.cos(angle);
      sines[i] = (float) (i < sines.length / 2 ? -sine : sine);
    }
    return new RotaryTables(cosines, sines);
  }
}
