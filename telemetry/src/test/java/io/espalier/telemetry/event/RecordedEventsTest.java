package io.espalier.telemetry.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What version 0.1 wrote is read by every later one, and written again with all that it had.
 *
 * <p>The recording is the whole outbox of one run on the bundled digits: interrupted by Ctrl-C,
 * resumed, failed as a trainer threw twice, and resumed to its end.
 */
final class RecordedEventsTest {
  private static final List<String> LINES = lines();

  @Test
  void recording_hasEveryTypeOfItsVersion() {
    assertThat(LINES).hasSize(141);
    assertThat(
            LINES.stream()
                .map(line -> Schemas.json(line.getBytes(UTF_8)).path("type").asText())
                .distinct())
        .hasSize(18);
  }

  @Test
  void line_isWrittenAgainWithEveryFieldAndValue() throws IOException {
    for (String line : LINES) {
      Envelope envelope = EventJson.envelope(line.getBytes(UTF_8)).decode().orElseThrow();

      assertThat(lost(Schemas.json(line.getBytes(UTF_8)), Schemas.json(EventJson.line(envelope))))
          .as(line)
          .isEmpty();
    }
  }

  @Test
  void line_isValidByTheSchemaOfItsType() {
    for (String line : LINES) {
      JsonNode envelope = Schemas.json(line.getBytes(UTF_8));
      EventType type = EventType.named(envelope.path("type").asText()).orElseThrow();

      assertThat(Schemas.errors(type, envelope.path("data"))).as(line).isEmpty();
      assertThat(envelope.path("topic").asText()).isEqualTo(type.topic().topicName());
    }
  }

  @Test
  void sequences_haveNoGapsAcrossAttempts() {
    Map<String, Long> last = new HashMap<>();
    for (String line : LINES) {
      JsonNode envelope = Schemas.json(line.getBytes(UTF_8));
      String stream = envelope.path("source").asText() + " " + envelope.path("topic").asText();

      assertThat(envelope.path("sequence").asLong()).isEqualTo(last.merge(stream, 1L, Long::sum));
    }
  }

  @Test
  void lost_fieldThatIsRenamedOrChanged_isNamed() {
    JsonNode recorded = Schemas.json("{\"a\":[{\"b\":1,\"c\":\"x\"}]}".getBytes(UTF_8));
    ObjectNode renamed = recorded.deepCopy();
    ((ObjectNode) renamed.at("/a/0")).put("d", 1).put("c", "y").remove("b");

    assertThat(lost(recorded, renamed)).containsExactly("/a/0/b", "/a/0/c");
    assertThat(lost(recorded, ((ObjectNode) recorded.deepCopy()).put("new", 1))).isEmpty();
  }

  /** Pointers to what {@code recorded} has and {@code written} has not, or not the same. */
  private static List<String> lost(JsonNode recorded, JsonNode written) {
    List<String> lost = new ArrayList<>();
    collect(recorded, written, "", lost);
    return lost;
  }

  private static void collect(JsonNode recorded, JsonNode written, String at, List<String> lost) {
    if (recorded.isObject()) {
      recorded
          .properties()
          .forEach(
              each ->
                  collect(
                      each.getValue(),
                      written.path(each.getKey()),
                      at + "/" + each.getKey(),
                      lost));
    } else if (recorded.isArray() && recorded.size() == written.size()) {
      for (int i = 0; i < recorded.size(); i++) {
        collect(recorded.get(i), written.path(i), at + "/" + i, lost);
      }
    } else if (!recorded.equals(written)) {
      lost.add(at);
    }
  }

  private static List<String> lines() {
    try (InputStream stream =
        RecordedEventsTest.class.getResourceAsStream("recorded-0.1/events.jsonl")) {
      return new String(stream.readAllBytes(), UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
