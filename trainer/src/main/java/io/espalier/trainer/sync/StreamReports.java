package io.espalier.trainer.sync;

import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.stream.StreamState;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Checks that all trainers read the same of a stream. */
final class StreamReports {
  private StreamReports() {}

  /**
   * What all of them read, which stands behind the values that they sent; empty if the run's
   * examples are no stream.
   *
   * @throws IllegalStateException if one read something else
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
