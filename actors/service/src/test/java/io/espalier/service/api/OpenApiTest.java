package io.espalier.service.api;

import static io.espalier.service.api.ApiFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.espalier.service.RunState;
import io.espalier.service.http.Endpoint;
import io.espalier.service.http.Role;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenApiTest {
  private static final SchemaRegistry VALIDATOR =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  @TempDir private Path directory;
  private ApiFixture api;
  private JsonNode document;

  @BeforeEach
  void start() throws Exception {
    api = ApiFixture.start(directory);
    for (RunState state : RunState.values()) {
      api.runs().put("is-" + state.name(), state);
    }
    Files.createDirectories(api.runs().directory("is-FINISHED"));
    Files.writeString(api.runs().directory("is-FINISHED").resolve("summary.json"), "{}");
    document = json(api.send(api.anonymous("/v1/openapi.json")));
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void operations_areThoseOfTheEndpoints() {
    Map<String, List<String>> documented = new HashMap<>();
    operations().forEach(each -> documented.put(each.method() + " " + each.path(), each.query()));
    Map<String, List<String>> routed = new HashMap<>();
    endpoints()
        .forEach(each -> routed.put(each.method().value() + " " + each.path(), each.query()));

    assertThat(documented).isEqualTo(routed);
  }

  @Test
  void roles_areThoseOfTheEndpoints() {
    for (Operation each : operations()) {
      assertThat(each.node().path("x-role").asText())
          .as(each.path())
          .isEqualTo(endpoint(each).role().map(Role::spelling).orElse("none"));
      assertThat(each.node().has("security")).isEqualTo(endpoint(each).role().isEmpty());
    }
  }

  @Test
  void mediaTypes_areThoseOfTheEndpoints() {
    for (Operation each : operations()) {
      var documented = new TreeSet<String>();
      each.node()
          .path("responses")
          .forEach(
              response -> response.path("content").fieldNames().forEachRemaining(documented::add));
      var routed = new TreeSet<String>();
      endpoint(each).produces().forEach(type -> routed.add(type.toString()));

      assertThat(documented).as(each.path()).isEqualTo(routed);
    }
  }

  @Test
  void parametersOfPaths_areDocumented() {
    for (Operation each : operations()) {
      List<String> named =
          Stream.of(each.path().split("/"))
              .filter(part -> part.startsWith("{"))
              .map(part -> part.substring(1, part.length() - 1))
              .toList();
      List<String> documented =
          parameters(document.path("paths").path(each.path()).path("parameters"), "path");

      assertThat(documented).as(each.path()).isEqualTo(named);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/v1/runs,/v1/runs?limit=3,200",
    "GET,/v1/runs,/v1/runs?limit=x,400",
    "GET,/v1/runs/{run},/v1/runs/is-FAILED,200",
    "GET,/v1/runs/{run},/v1/runs/is-QUEUED,200",
    "GET,/v1/runs/{run},/v1/runs/none,404",
    "GET,/v1/runs/{run}/history,/v1/runs/is-FAILED/history,200",
    "GET,/v1/runs/{run}/notes,/v1/runs/is-FAILED/notes,200",
    "POST,/v1/runs/{run}/pause,/v1/runs/is-RUNNING/pause,202",
    "POST,/v1/runs/{run}/pause,/v1/runs/is-FAILED/pause,409",
    "POST,/v1/runs/{run}/resume,/v1/runs/is-PAUSED/resume,202",
    "POST,/v1/runs/{run}/cancel,/v1/runs/is-RUNNING/cancel,202",
    "POST,/v1/runs/{run}/checkpoint,/v1/runs/is-RUNNING/checkpoint,202",
    "DELETE,/v1/runs/{run},/v1/runs/none,404",
    "GET,/v1/runs/{run}/artifacts,/v1/runs/is-FINISHED/artifacts,200",
    "GET,/v1/runs/{run}/artifacts/{name},/v1/runs/is-FINISHED/artifacts/x,404",
    "GET,/v1/runs/{run}/report,/v1/runs/is-FINISHED/report,404",
    "POST,/v1/runs/{run}/report-link,/v1/runs/is-FINISHED/report-link,200",
    "GET,/v1/runs/{run}/report/{link},/v1/runs/is-FINISHED/report/1-x,404",
    "GET,/v1/data,/v1/data,200",
    "GET,/v1/data/{name},/v1/data/none,404",
    "PUT,/v1/data/{name},/v1/data/digits.csv,403",
    "DELETE,/v1/data/{name},/v1/data/none,403",
    "GET,/v1/service,/v1/service,200",
    "GET,/v1/recipes,/v1/recipes,200",
    "GET,/dashboard/info,/dashboard/info,200",
    "GET,/dashboard/assets/{name},/dashboard/assets/none.js,404",
    "GET,/health,/health,200",
    "GET,/ready,/ready,200",
  })
  void answer_fitsItsSchema(String method, String path, String address, int status)
      throws Exception {
    HttpResponse<String> answer =
        api.send(api.request(address).method(method, BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(errors(method, path, answer)).isEmpty();
  }

  @Test
  void submissions_fitTheirSchemas_asDoTheirAnswers() throws Exception {
    List<String> taken =
        List.of(
            "{\"recipe\":\"digits\",\"overrides\":[\"seed=1\"],\"priority\":3,\"memoryMb\":9}",
            "{\"recipeText\":\"name = x\",\"origin\":\"my recipe.conf\"}");
    List<String> refused =
        List.of("{}", "{\"recipe\":\"digits\",\"recipeText\":\"\"}", "{\"recip\":\"digits\"}");

    for (String body : taken) {
      assertThat(errors("Submission", new ObjectMapper().readTree(body))).isEmpty();
      HttpResponse<String> answer = api.submit(body);
      assertThat(errors("POST", "/v1/runs", answer)).as(answer.body()).isEmpty();
    }
    for (String body : refused) {
      assertThat(errors("Submission", new ObjectMapper().readTree(body))).isNotEmpty();
      HttpResponse<String> answer = api.submit(body);
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(errors("POST", "/v1/runs", answer)).isEmpty();
    }
  }

  private record Operation(String method, String path, JsonNode node) {
    List<String> query() {
      return parameters(node.path("parameters"), "query");
    }
  }

  private List<Operation> operations() {
    List<Operation> all = new ArrayList<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue().properties().stream()
                    .filter(each -> !each.getKey().equals("parameters"))
                    .map(
                        each ->
                            new Operation(
                                each.getKey().toUpperCase(Locale.ROOT),
                                path.getKey(),
                                each.getValue()))
                    .forEach(all::add));
    return all;
  }

  private List<Endpoint> endpoints() {
    return api.api().endpoints();
  }

  private Endpoint endpoint(Operation operation) {
    return endpoints().stream()
        .filter(each -> each.method().value().equals(operation.method()))
        .filter(each -> each.path().equals(operation.path()))
        .findFirst()
        .orElseThrow();
  }

  /** Names of parameters of a kind; the only shared one is the run. */
  private static List<String> parameters(JsonNode list, String in) {
    return StreamSupport.stream(list.spliterator(), false)
        .filter(each -> each.path("in").asText("path").equals(in))
        .map(each -> each.path("name").asText("run"))
        .toList();
  }

  /** What of an answer does not fit what the document says of its status. */
  private List<String> errors(String method, String path, HttpResponse<String> answer)
      throws IOException {
    JsonNode responses =
        document.path("paths").path(path).path(method.toLowerCase(Locale.ROOT)).path("responses");
    JsonNode response = responses.path(Integer.toString(answer.statusCode()));
    if (response.isMissingNode()) {
      return List.of("no such status is documented: " + answer.statusCode());
    }
    String type = answer.headers().firstValue("Content-Type").orElse("none");
    JsonNode content =
        response.has("$ref")
            ? document.at("/components/responses/Problem/content")
            : response.path("content");
    JsonNode schema = content.path(type).path("schema");
    return schema.isMissingNode()
        ? List.of("no such media type is documented: " + type)
        : errors(schema, json(answer));
  }

  private List<String> errors(String name, JsonNode node) {
    return errors(document.at("/components/schemas/" + name), node);
  }

  private List<String> errors(JsonNode schema, JsonNode node) {
    ObjectNode whole = schema.deepCopy();
    whole.set("components", document.path("components"));
    return VALIDATOR.getSchema(whole).validate(node).stream().map(Error::toString).toList();
  }
}
