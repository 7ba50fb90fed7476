package io.espalier.trainer.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Direct memory for packed values that is written again at every sync, because new memory is zeroed
 * and mapped by the page first. Let go where much less is needed, as after a cut. Not thread-safe.
 */
public final class ReusedMemory {
  private static final int UNIT = 1 << 16;
  private static final int WASTE = 2;

  private ByteBuffer memory = ByteBuffer.allocateDirect(0);

  /**
   * Returns {@code bytes} little-endian bytes of any content, which the next call gives out again.
   */
  public ByteBuffer take(int bytes) {
    if (!fits(memory, bytes)) {
      memory = allocate(bytes);
    }
    return memory.slice(0, bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Allocates room for {@code bytes} and for slightly more, little-endian. */
  public static ByteBuffer allocate(int bytes) {
    long whole = ((long) bytes + UNIT - 1) / UNIT * UNIT;
    return ByteBuffer.allocateDirect((int) Math.min(Integer.MAX_VALUE, whole))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns whether memory has room for {@code bytes} and not for many times as much. */
  public static boolean fits(ByteBuffer memory, int bytes) {
    return memory.capacity() >= bytes && memory.capacity() <= WASTE * ((long) bytes + UNIT);
  }
}
