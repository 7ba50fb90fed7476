package io.espalier.trainer.state;

import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** XXH3 over every bit of a state: equal states have equal digests. */
public final class StateDigest {
  private static final int CHUNK_FLOATS = 4096;

  private final StateLayout layout;

  public StateDigest(StateLayout layout) {
    this.layout = layout;
  }

  public String of(StateAccess state, long step, String maskDigest) {
    HashStream64 stream = Hashing.xxh3_64().hashStream();
    stream.putLong(step).putString(maskDigest);
    byte[] chunk = new byte[CHUNK_FLOATS * Float.BYTES];
    FloatBuffer view = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    for (int i = 0; i < layout.entries().size(); i++) {
      int size = layout.entries().get(i).size();
      for (int slot = 0; slot < layout.entries().get(i).slots(); slot++) {
        for (int from = 0; from < size; from += CHUNK_FLOATS) {
          view.clear().limit(Math.min(CHUNK_FLOATS, size - from));
          state.read(i, slot, from, view);
          stream.putBytes(chunk, 0, view.limit() * Float.BYTES);
        }
      }
    }
    return String.format("%016x", stream.getAsLong());
  }
}
