package io.espalier.bench.chaos;

import java.util.Locale;

/**
 * A kill that hit a process.
 *
 * @param start number of the process of its run, from 1
 * @param seconds that the process had lived
 */
record Kill(int start, double seconds, Phase phase) {
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "start %d after %.2f s (%s)", start, seconds, phase);
  }
}
