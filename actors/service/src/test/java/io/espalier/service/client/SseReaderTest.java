package io.espalier.service.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.service.client.SseReader.Sse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseReaderTest {
  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void event_withEachLineEnd_isRead(String end) throws IOException {
    String text = "id: 7\nevent: t\ndata: {}\n\ndata:x\ndata: y\n\n".replace("\n", end);

    assertThat(read(text)).containsExactly(new Sse("7", "t", "{}"), new Sse("7", "", "x\ny"));
  }

  @Test
  void comments_areHeardButNoEvents() throws IOException {
    AtomicInteger heard = new AtomicInteger();
    SseReader reader = new SseReader(stream(": alive\n\n: alive\n\n"), heard::incrementAndGet);

    assertThat(reader.next()).isEmpty();
    assertThat(heard).hasValue(4);
  }

  @Test
  void eventThatIsCutOff_doesNotCount() throws IOException {
    assertThat(read("id: 1\ndata: a\n\nid: 2\ndata: b\n")).containsExactly(new Sse("1", "", "a"));
  }

  @Test
  void umlautsAndUnknownFields_areRead() throws IOException {
    assertThat(read("retry: 3\nnonsense\ndata: Äpfel\n\n"))
        .containsExactly(new Sse("", "", "Äpfel"));
  }

  private static List<Sse> read(String text) throws IOException {
    SseReader reader = new SseReader(stream(text), () -> {});
    List<Sse> events = new ArrayList<>();
    for (Optional<Sse> next = reader.next(); next.isPresent(); next = reader.next()) {
      events.add(next.get());
    }
    return events;
  }

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
