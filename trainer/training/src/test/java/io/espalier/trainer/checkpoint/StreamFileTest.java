package io.espalier.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.trainer.stream.StreamPosition;
import io.espalier.trainer.stream.StreamState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StreamFileTest {
  private static final StreamPosition AT = new StreamPosition(List.of(7L, 6L), 1, 11, 2, 0);

  @TempDir private Path directory;

  @Test
  void read_whatWasWritten_isTheSame() throws IOException {
    StreamState state = new StreamState(new StreamPosition(List.of(7L, 6L), 0, 5, 0, 31), AT, AT);

    StreamFile.write(directory, state);

    assertThat(StreamFile.read(directory, OptionalInt.of(2))).isEqualTo(state);
  }

  @Test
  void read_ofAnEarlierVersion_beginsWhereARecordDoes() throws IOException {
    String position = "{\"offsets\":[7,6],\"turn\":1,\"accepted\":11,\"skipped\":2}";
    Files.writeString(
        directory.resolve(StreamFile.NAME),
        "{\"at\":%1$s,\"window\":%1$s,\"calibration\":%1$s}".formatted(position));

    assertThat(StreamFile.read(directory, OptionalInt.empty()))
        .isEqualTo(new StreamState(AT, AT, AT));
  }

  @Test
  void read_withoutAPosition_isDamage() throws IOException {
    Files.writeString(directory.resolve(StreamFile.NAME), "{\"at\":{}}");

    assertThatThrownBy(() -> StreamFile.read(directory, OptionalInt.empty()))
        .isInstanceOf(DamagedCheckpointException.class)
        .hasMessageContaining("a stream's state must be JSON: file=stream.json");
  }
}
