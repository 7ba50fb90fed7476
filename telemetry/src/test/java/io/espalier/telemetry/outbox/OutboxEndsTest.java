package io.espalier.telemetry.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OutboxEndsTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 17, 40, 150})
  void smallOutbox_isVisitedOnce_inOrder(int events) throws IOException {
    write(events);

    assertThat(visited()).containsExactlyElementsOf(range(1, events));
  }

  @Test
  void largeOutbox_isVisitedAtItsEnds() throws IOException {
    write(5_000);

    List<Long> visited = visited();

    assertThat(visited).startsWith(range(1, 16).toArray(Long[]::new)).endsWith(5_000L);
    assertThat(visited).doesNotHaveDuplicates().isSorted();
    assertThat(visited.size()).isBetween(100, 1_000);
    long firstOfTail = visited.get(16);
    assertThat(visited.subList(16, visited.size()))
        .containsExactlyElementsOf(range(firstOfTail, 5_000));
  }

  @Test
  void damagedLine_andUnfinishedOne_arePassedOver() throws IOException {
    write(20);
    Files.writeString(
        directory.resolve(Outbox.FILE_NAME), "no event\n{\"half", StandardOpenOption.APPEND);

    assertThat(visited()).containsExactlyElementsOf(range(1, 20));
  }

  private List<Long> visited() throws IOException {
    List<Envelope> events = new ArrayList<>();
    OutboxEnds.forEach(directory, events::add);
    return events.stream().map(Envelope::sequence).toList();
  }

  private static List<Long> range(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  private void write(int events) throws IOException {
    try (Outbox outbox = Outbox.open(directory, new RunId("pear"), Clock.systemUTC())) {
      outbox.append(
          LongStream.rangeClosed(1, events).mapToObj(step -> new RunResumed(1, step)).toList());
    }
  }
}
