package io.espalier.service.notice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.espalier.configs.file.Json;
import io.espalier.service.RunAlert;
import io.espalier.service.RunStatus;
import io.espalier.service.api.HttpApi;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The body of webhooks and its schema in openapi.json. */
class NoticeDocumentTest {
  private static final Optional<URI> PUBLIC = Optional.of(URI.create("https://e.example.org:7070"));
  private static final JsonNode API = api();
  private static final JsonNode SCHEMA = API.at("/components/schemas/Notice");

  private static JsonNode api() {
    try (InputStream in = HttpApi.class.getResourceAsStream("openapi.json")) {
      return Json.STRICT.readTree(in);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Stream<Notice> notices() {
    return Stream.of(
        NoticeSamples.finished(),
        NoticeSamples.failed("pear", "the loss is not finite"),
        NoticeSamples.alert(),
        Notice.ofTest(NoticeSamples.TIME));
  }

  @ParameterizedTest
  @MethodSource("notices")
  void document_fitsItsSchema_andNotWithoutARequiredField(Notice notice) {
    for (Optional<URI> publicUrl : List.of(PUBLIC, Optional.<URI>empty())) {
      // When
      ObjectNode document = NoticeDocument.of(notice, publicUrl);

      // Then
      assertThat(errors(document)).isEmpty();
      for (JsonNode required : SCHEMA.path("required")) {
        ObjectNode less = document.deepCopy();
        less.remove(required.asText());
        assertThat(errors(less)).as(required.asText()).isNotEmpty();
      }
    }
  }

  @Test
  void properties_ofTheSchema_areThoseOfTheRecords() {
    assertThat(names(SCHEMA.path("properties")))
        .isEqualTo(components(Notice.class, "text", "links"));
    assertThat(names(SCHEMA.at("/properties/alert/properties")))
        .isEqualTo(components(RunAlert.class));
    assertThat(names(SCHEMA.at("/properties/run/properties")))
        .isEqualTo(components(RunStatus.class));
    assertThat(SCHEMA.at("/properties/event/enum"))
        .extracting(JsonNode::asText)
        .containsExactlyElementsOf(
            Arrays.stream(NoticeEvent.values()).map(NoticeEvent::word).toList());
  }

  @Test
  void webhook_ofTheDescription_hasTheSchemaAndTheHeaders() {
    JsonNode post = API.at("/webhooks/notice/post");
    List<String> headers = new ArrayList<>();
    post.path("parameters").forEach(each -> headers.add(each.path("name").asText()));

    assertThat(post.at("/requestBody/content/application~1json/schema/$ref").asText())
        .isEqualTo("#/components/schemas/Notice");
    assertThat(headers)
        .containsExactly(
            "Idempotency-Key", "X-Espalier-Event", "X-Espalier-Timestamp", "X-Espalier-Signature");
  }

  @Test
  void document_ofAFailedRun_hasItsFiguresAndLinks() {
    // When
    ObjectNode document =
        NoticeDocument.of(NoticeSamples.failed("pear", "the loss is not finite"), PUBLIC);

    // Then
    assertThat(document.path("id").asText()).isEqualTo("pear-20261201-1/2/failed");
    assertThat(document.path("event").asText()).isEqualTo("failed");
    assertThat(document.at("/run/state").asText()).isEqualTo("failed");
    assertThat(document.at("/run/cause").asText()).isEqualTo("the loss is not finite");
    assertThat(document.at("/run/accuracy").asDouble()).isEqualTo(0.98125);
    assertThat(document.at("/run/sparsity").asDouble()).isEqualTo(0.9);
    assertThat(document.path("text").asText()).isEqualTo("pear failed: the loss is not finite");
    assertThat(document.at("/links/page").asText())
        .isEqualTo("https://e.example.org:7070/dashboard/#/run/pear-20261201-1");
    assertThat(document.at("/links/recipe").asText())
        .isEqualTo("https://e.example.org:7070/v1/runs/pear-20261201-1/artifacts/recipe.conf");
  }

  private static Set<String> names(JsonNode properties) {
    Set<String> names = new TreeSet<>();
    properties.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static Set<String> components(Class<?> type, String... more) {
    Set<String> names = new TreeSet<>(List.of(more));
    for (RecordComponent each : type.getRecordComponents()) {
      names.addAll(
          each.getAccessor().isAnnotationPresent(JsonUnwrapped.class)
              ? components(each.getType())
              : Set.of(each.getName()));
    }
    return names;
  }

  private static List<String> errors(JsonNode document) {
    ObjectNode whole = SCHEMA.deepCopy();
    whole.set("components", API.path("components"));
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(whole)
        .validate(document)
        .stream()
        .map(Error::toString)
        .toList();
  }
}
