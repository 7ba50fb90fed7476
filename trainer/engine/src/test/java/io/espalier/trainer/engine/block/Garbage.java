package io.espalier.trainer.engine.block;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** Makes use of memory that was freed too early show. */
public final class Garbage {
  private static final int PIECES = 5_000;
  private static final int ROUNDS = 5;

  /** Held on to, so that what was written over freed memory stays there. */
  private static final List<ByteBuffer> REUSED = new CopyOnWriteArrayList<>();

  private Garbage() {}

  /** Collects garbage, and writes over the small pieces of native memory that this frees. */
  public static void collect() {
    REUSED.clear();
    for (int round = 0; round < ROUNDS; round++) {
      System.gc();
      rest();
      REUSED.addAll(Stream.generate(Garbage::piece).limit(PIECES).toList());
    }
  }

  private static ByteBuffer piece() {
    return ByteBuffer.allocateDirect(Float.BYTES).order(ByteOrder.nativeOrder()).putFloat(0, -1e6f);
  }

  private static void rest() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
