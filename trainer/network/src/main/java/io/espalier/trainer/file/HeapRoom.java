package io.espalier.trainer.file;

/**
 * Memory for what files unfold to: half of the Java heap, the most that one generation surely has.
 * Readers ask before they allocate. Not thread-safe.
 */
public final class HeapRoom {
  /** The way to more heap, for messages. */
  public static final String MORE = "give more heap: ESPALIER_JAVA_OPTS=-Xmx…";

  private final long bytes;
  private long taken;

  private HeapRoom(long bytes) {
    this.bytes = bytes;
  }

  public static HeapRoom ofProcess() {
    return ofHeap(Runtime.getRuntime().maxMemory());
  }

  public static HeapRoom ofHeap(long heapBytes) {
    return new HeapRoom(heapBytes / 2);
  }

  /** Whether this and all that was taken fits. */
  public boolean fits(long more) {
    return more <= bytes - taken;
  }

  /** Takes memory for good; false, and nothing taken, if it does not fit. */
  public boolean take(long more) {
    boolean fits = fits(more);
    taken += fits ? more : 0;
    return fits;
  }

  public long megabytes() {
    return bytes >> 20;
  }
}
