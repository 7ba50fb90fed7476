package io.espalier.telemetry.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.espalier.telemetry.kafka.CloudEventRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The AsyncAPI document tells of the topics and events that there are. */
final class AsyncApiTest {
  private static final JsonNode DOCUMENT = document();

  static List<Event> samples() {
    return SampleEvents.all();
  }

  @Test
  void channels_areTheTopics() {
    assertThat(addresses())
        .containsExactlyElementsOf(Arrays.stream(Topic.values()).map(Topic::topicName).toList());
    assertThat(DOCUMENT.path("operations"))
        .extracting(operation -> operation.path("channel").path("$ref").asText())
        .containsExactlyElementsOf(
            names(DOCUMENT.path("channels")).stream().map(name -> "#/channels/" + name).toList());
  }

  @ParameterizedTest
  @EnumSource
  void channel_hasTheSettingsOfItsTopic(Topic topic) {
    JsonNode kafka = channel(topic).path("bindings").path("kafka");
    Map<String, String> settings = new TreeMap<>();
    kafka
        .path("topicConfiguration")
        .properties()
        .forEach(each -> settings.put(each.getKey(), String.join(",", texts(each.getValue()))));

    assertThat(kafka.path("topic").asText()).isEqualTo(topic.topicName());
    assertThat(kafka.path("partitions").asInt()).isEqualTo(Topic.PARTITIONS);
    assertThat(settings).isEqualTo(topic.settings());
  }

  @ParameterizedTest
  @EnumSource
  void channel_hasTheMessagesOfItsTopicAndNoOthers(Topic topic) {
    List<String> wanted =
        EventType.all().stream()
            .filter(type -> type.topic() == topic)
            .map(type -> type.record().getSimpleName())
            .toList();
    JsonNode messages = channel(topic).path("messages");

    assertThat(names(messages)).containsExactlyElementsOf(wanted);
    assertThat(messages)
        .extracting(message -> message.path("$ref").asText())
        .containsExactlyElementsOf(
            wanted.stream().map(name -> "#/components/messages/" + name).toList());
  }

  @Test
  void messages_areTheEventsWithTheirSchemas() {
    JsonNode messages = DOCUMENT.path("components").path("messages");

    assertThat(names(messages))
        .containsExactlyElementsOf(
            EventType.all().stream().map(type -> type.record().getSimpleName()).toList());
    for (EventType type : EventType.all()) {
      JsonNode message = messages.path(type.record().getSimpleName());
      assertThat(message.path("name").asText()).isEqualTo(type.name());
      assertThat(message.at("/headers/properties/ce_type/const").asText()).isEqualTo(type.name());
      assertThat(message.path("payload").path("$ref").asText())
          .isEqualTo("./" + ContractFiles.schema(type));
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void record_ofEveryEvent_hasTheDescribedKeyAndHeaders(Event event) throws IOException {
    Envelope envelope = Envelope.of(new RunId("digits-1"), 17, 2, Instant.now(), event);
    ProducerRecord<String, byte[]> record =
        CloudEventRecords.write(EventJson.envelope(EventJson.line(envelope)));
    JsonNode traits =
        DOCUMENT
            .path("components")
            .path("messages")
            .path(event.getClass().getSimpleName())
            .path("traits");
    JsonNode headers = trait(traits.path(0)).path("headers");

    assertThat(record.key())
        .matches(trait(traits.path(1)).at("/bindings/kafka/key/pattern").asText());
    assertThat(record.headers())
        .extracting(header -> header.key())
        .containsExactlyInAnyOrderElementsOf(texts(headers.path("required")));
    assertThat(names(headers.path("properties")))
        .containsExactlyElementsOf(texts(headers.path("required")));
    record
        .headers()
        .forEach(
            header -> {
              JsonNode described = headers.path("properties").path(header.key());
              String value = new String(header.value(), StandardCharsets.UTF_8);
              assertThat(value).matches(described.path("pattern").asText(".*"));
              assertThat(value).isEqualTo(described.path("const").asText(value));
            });
  }

  private static JsonNode document() {
    try {
      return new YAMLMapper().readTree(Schemas.content(ContractFiles.ASYNC_API));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> addresses() {
    List<String> addresses = new ArrayList<>();
    DOCUMENT.path("channels").forEach(each -> addresses.add(each.path("address").asText()));
    return addresses;
  }

  private static JsonNode channel(Topic topic) {
    return DOCUMENT.path("channels").path(topic.name().toLowerCase(Locale.ROOT));
  }

  private static JsonNode trait(JsonNode reference) {
    return DOCUMENT.at(reference.path("$ref").asText().substring(1));
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<String> texts(JsonNode value) {
    List<String> texts = new ArrayList<>();
    if (value.isArray()) {
      value.forEach(each -> texts.add(each.asText()));
    } else {
      texts.add(value.asText());
    }
    return texts;
  }
}
