package io.espalier.trainer.state;

import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hashing;

/** XXH3 over every bit of a state: equal states have equal digests. */
public final class StateDigest {
  private final StateLayout layout;

  public StateDigest(StateLayout layout) {
    this.layout = layout;
  }

  public String of(StateAccess state, long step, String maskDigest) {
    HashStream64 stream = Hashing.xxh3_64().hashStream();
    stream.putLong(step).putString(maskDigest);
    ValueDigest values = new ValueDigest(stream);
    for (int i = 0; i < layout.entries().size(); i++) {
      for (int slot = 0; slot < layout.entries().get(i).slots(); slot++) {
        state.digest(i, slot, values);
      }
    }
    return String.format("%016x", stream.getAsLong());
  }
}
