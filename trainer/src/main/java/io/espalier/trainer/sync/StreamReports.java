package io.espalier.trainer.sync;

import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.stream.StreamState;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Checks that all trainers read the same part of a stream. */
final class StreamReports {
  private StreamReports() {}

  /**
   * Returns the common stream state at the end of all packed states; empty without a stream.
   *
   * @throws IllegalStateException if one differs
   */
  static Optional<StreamState> agreed(PreparedRun run, List<ByteBuffer> packed) {
    if (run.streamPartitions().isEmpty()) {
      return Optional.empty();
    }
    int partitions = run.streamPartitions().getAsInt();
    StreamState first = StreamState.decodeTail(packed.get(0), partitions);
    for (int trainer = 1; trainer < packed.size(); trainer++) {
      StreamState found = StreamState.decodeTail(packed.get(trainer), partitions);
      if (!found.equals(first)) {
        throw new IllegalStateException(
            "all trainers must have read the same of the stream: trainer=0, %s, trainer=%d, %s; its topic was changed by something else than producers, such as compaction"
                .formatted(first.at(), trainer, found.at()));
      }
    }
    return Optional.of(first);
  }
}
