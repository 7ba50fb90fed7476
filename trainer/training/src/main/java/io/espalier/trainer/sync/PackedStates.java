package io.espalier.trainer.sync;

import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.stream.StreamState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Holds what the replicas sent for a sync, in the order of the trainers: packed states, each with
 * the stream's behind it, or packed statistics. Little-endian.
 */
record PackedStates(List<ByteBuffer> all) {
  /**
   * The first {@code used} floats of each.
   *
   * @param expected floats that each must have
   * @throws IllegalArgumentException if one has another number
   */
  List<FloatBuffer> floats(int expected, int used) {
    List<FloatBuffer> floats = all.stream().map(PackedStates::floats).toList();
    for (FloatBuffer part : floats) {
      if (part.remaining() != expected) {
        throw new IllegalArgumentException(
            "a packed state must hold all living values and requested statistics: expected=%d, found=%d"
                .formatted(expected, part.remaining()));
      }
    }
    return floats.stream().map(part -> part.slice(0, used)).toList();
  }

  private static FloatBuffer floats(ByteBuffer packed) {
    return packed.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  long bytes() {
    return all.stream().mapToLong(ByteBuffer::remaining).sum();
  }

  /**
   * The state of the run's stream; empty without one.
   *
   * @throws IllegalStateException if trainers have read different examples
   */
  Optional<StreamState> stream(PreparedRun run) {
    if (run.streamPartitions().isEmpty()) {
      return Optional.empty();
    }
    int partitions = run.streamPartitions().getAsInt();
    StreamState first = StreamState.decodeTail(all.get(0), partitions);
    for (int trainer = 1; trainer < all.size(); trainer++) {
      StreamState found = StreamState.decodeTail(all.get(trainer), partitions);
      if (!found.equals(first)) {
        throw new IllegalStateException(
            "all trainers must have read the same of the stream: trainer=0, %s, trainer=%d, %s; its topic was changed by something else than producers, such as compaction"
                .formatted(first.at(), trainer, found.at()));
      }
    }
    return Optional.of(first);
  }
}
