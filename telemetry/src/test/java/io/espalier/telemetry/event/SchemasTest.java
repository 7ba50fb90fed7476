package io.espalier.telemetry.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every event has a schema that says neither more nor less than its record. */
final class SchemasTest {
  /** What came after the first events were written. */
  private static final Set<String> OPTIONAL =
      Set.of(
          "StepsMeasured.sync",
          "SyncCompleted.commitSeconds",
          "EvaluationCompleted.seconds",
          "Provenance.parent",
          "Provenance.processor",
          "Provenance.capability",
          "RunFinished.endedEarly",
          "RunStopped.state",
          "RunFinished.bitsPerCharacter",
          "RunState.bitsPerCharacter",
          "EvaluationCompleted.bitsPerCharacter",
          "RunStarted.charactersPerToken",
          "RunStarted.tags",
          "RunState.tags",
          "RunState.macs",
          "RunState.macsDense",
          "TierEvaluated.bitsPerCharacter",
          "MasksUpdated.budget",
          "MasksUpdated.budgetShare",
          "MasksUpdated.refit",
          "ResourcesMeasured.nativeBytes",
          "ResourcesMeasured.diskFreeBytes",
          "ResourcesMeasured.mailboxDepth",
          "ResourcesMeasured.intervalSeconds");

  /** Fields whose keys are names of anything. */
  private static final Set<String> FREE_KEYS = Set.of("/libraries/", "/byTopic/");

  static List<EventType> types() {
    return EventType.all();
  }

  static List<Event> samples() {
    return SampleEvents.all();
  }

  @Test
  void files_areOneSchemaPerTypeAndTheAsyncApi() throws IOException, URISyntaxException {
    Path directory =
        Path.of(ContractFiles.class.getResource("/io/espalier/telemetry/schema").toURI());

    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(ContractFiles.names());
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void schema_isValidAndNamed(EventType type) {
    JsonNode schema = Schemas.of(type);

    assertThat(Schemas.errorsOfSchema(schema)).isEmpty();
    assertThat(schema.path("$schema").asText())
        .isEqualTo("https://json-schema.org/draft/2020-12/schema");
    assertThat(schema.path("$id").asText()).isEqualTo("urn:espalier:schema:" + type.name());
    assertThat(schema.path("title").asText()).isEqualTo(type.record().getSimpleName());
    assertThat(schema.path("description").asText()).isNotBlank();
  }

  @ParameterizedTest
  @MethodSource("types")
  void schema_hasTheFieldsOfTheRecord(EventType type) {
    assertThat(RecordShape.problems(type.record(), Schemas.of(type), OPTIONAL)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("types")
  void schema_withAnyPropertyRenamedOrRetyped_noLongerFitsTheRecord(EventType type) {
    int count = propertiesIn(Schemas.of(type)).size();
    for (int at = 0; at < count; at++) {
      for (String field : names(propertiesIn(Schemas.of(type)).get(at))) {
        JsonNode renamed = Schemas.of(type);
        ObjectNode properties = propertiesIn(renamed).get(at);
        properties.set(field + "2", properties.remove(field));
        JsonNode retyped = Schemas.of(type);
        ((ObjectNode) propertiesIn(retyped).get(at).path(field))
            .put("type", "null")
            .remove("anyOf");

        assertThat(RecordShape.problems(type.record(), renamed, OPTIONAL)).isNotEmpty();
        assertThat(RecordShape.problems(type.record(), retyped, OPTIONAL)).isNotEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void sample_isValid_alsoWithFieldsOfANewerVersion(Event event) {
    ObjectNode data = json(event);

    assertThat(Schemas.errors(EventType.of(event), data)).isEmpty();
    assertThat(Schemas.errors(EventType.of(event), data.put("mood", "good"))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void sample_withoutAnyRequiredField_isRefused(Event event) {
    for (String pointer : pointers(json(event), "")) {
      ObjectNode data = json(event);
      String field = pointer.substring(pointer.lastIndexOf('/') + 1);
      JsonNode parent = data.at(pointer.substring(0, pointer.lastIndexOf('/')));
      boolean mayLack =
          OPTIONAL.contains(event.getClass().getSimpleName() + pointer.replace('/', '.'))
              || FREE_KEYS.stream().anyMatch(pointer::startsWith);
      if (parent instanceof ObjectNode object) {
        object.remove(field);

        assertThat(Schemas.errors(EventType.of(event), data).isEmpty())
            .as("%s without %s", event, pointer)
            .isEqualTo(mayLack);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void sample_withAnyFieldOfAnotherType_isRefused(Event event) {
    for (String pointer : pointers(json(event), "")) {
      ObjectNode data = json(event);
      String field = pointer.substring(pointer.lastIndexOf('/') + 1);
      JsonNode parent = data.at(pointer.substring(0, pointer.lastIndexOf('/')));
      if (parent instanceof ObjectNode object) {
        object.putObject(field).put("wrong", true);
      } else {
        ((ArrayNode) parent).add(true);
      }

      assertThat(Schemas.errors(EventType.of(event), data))
          .as("%s with another %s", event, pointer)
          .isNotEmpty();
    }
  }

  @Test
  void losses_thatAreNotFinite_areValid_otherTextIsNot() {
    Event steps = SampleEvents.steps(0, 1, Double.NaN, Double.NEGATIVE_INFINITY);
    Event finished = new RunFinished(1, 10, 0.5, Double.POSITIVE_INFINITY, 5, 1);

    assertThat(new String(EventJson.data(steps), UTF_8)).contains("[\"NaN\",\"-Infinity\"]");
    assertThat(Schemas.errors(EventType.of(steps), json(steps))).isEmpty();
    assertThat(Schemas.errors(EventType.of(finished), json(finished))).isEmpty();
    assertThat(Schemas.errors(EventType.of(finished), json(finished).put("loss", "low")))
        .isNotEmpty();
  }

  private static ObjectNode json(Event event) {
    return (ObjectNode) Schemas.json(EventJson.data(event));
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** The {@code properties} of a schema and of all schemas in it. */
  private static List<ObjectNode> propertiesIn(JsonNode schema) {
    List<ObjectNode> found = new ArrayList<>();
    if (schema.path("properties") instanceof ObjectNode properties) {
      found.add(properties);
      properties.forEach(each -> found.addAll(propertiesIn(each)));
    }
    if (schema.path("items").isObject()) {
      found.addAll(propertiesIn(schema.path("items")));
    }
    return found;
  }

  /** Pointers to everything in a value. */
  private static List<String> pointers(JsonNode value, String at) {
    List<String> found = new ArrayList<>();
    value
        .properties()
        .forEach(
            each -> {
              found.add(at + "/" + each.getKey());
              found.addAll(pointers(each.getValue(), at + "/" + each.getKey()));
            });
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      found.add(at + "/" + i);
      found.addAll(pointers(value.get(i), at + "/" + i));
    }
    return found;
  }
}
