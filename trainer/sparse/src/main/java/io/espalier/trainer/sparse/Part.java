package io.espalier.trainer.sparse;

/**
 * The part of a pass that one thread of a {@link Team} computes, with the thread's scratch memory.
 * Each value is computed by one thread alone, so that its bits do not depend on their number.
 */
final class Part {
  /** Values side by side that are not divided: as many as the widest tiles take at a time. */
  private static final int RUN = 64;

  private final Team team;
  private final int index;
  private final int count;
  private final Kernels kernels;

  /** Scratch of the operation that is running. */
  final Kernels.Run run = new Kernels.Run();

  final Kernels.Run other = new Kernels.Run();

  final LaneProducts products = new LaneProducts();

  /** A sum of what was read ahead, so that compilers keep the reads. */
  float readAhead;

  private float[] scratch = new float[0];

  Part(Team team, int index, int count, Kernels kernels) {
    this.team = team;
    this.index = index;
    this.count = count;
    this.kernels = kernels;
  }

  int index() {
    return index;
  }

  /** Whether it is all of the pass. */
  boolean isWhole() {
    return count == 1;
  }

  boolean isFirst() {
    return index == 0;
  }

  Kernels kernels() {
    return kernels;
  }

  /** Memory for {@code length} values of the operation that is running. */
  float[] scratch(int length) {
    if (scratch.length < length) {
      scratch = new float[length];
    }
    return scratch;
  }

  /** The first of {@code items} that belongs to this part. */
  int from(int items) {
    return (int) ((long) items * index / count);
  }

  /** The first item behind this part. */
  int to(int items) {
    return (int) ((long) items * (index + 1) / count);
  }

  /** As {@link #from}, of values that lie side by side. */
  int runFrom(int values) {
    return RUN * from((values + RUN - 1) / RUN);
  }

  int runTo(int values) {
    return Math.min(values, RUN * to((values + RUN - 1) / RUN));
  }

  /** Waits until the threads of all parts have come here. */
  void meet() {
    if (!isWhole()) {
      team.meet();
    }
  }
}
