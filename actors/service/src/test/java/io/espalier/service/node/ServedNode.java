package io.espalier.service.node;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.configs.file.Json;
import io.espalier.service.RunState;
import io.espalier.service.api.HttpApi;
import io.espalier.service.api.NodeFiles;
import io.espalier.service.api.ServiceDescription;
import io.espalier.service.data.DataRoom;
import io.espalier.service.data.DataSets;
import io.espalier.service.http.AccessTokens;
import io.espalier.service.http.HttpSettings;
import io.espalier.telemetry.kafka.Backlog;
import io.espalier.telemetry.live.LiveFeed;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A node with its API, which really listens; its runs do not train. */
final class ServedNode implements AutoCloseable {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ServiceNode node;
  private final HttpApi api;

  private ServedNode(Path directory, AccessTokens tokens) throws IOException {
    ServiceSettings settings = TestService.settings(directory);
    Path data = Files.createDirectories(settings.data().get(0));
    node = ServiceNode.start(settings, system -> new FakeLauncher(1));
    api =
        new HttpApi(
            node.system(),
            HttpSettings.loopback(0),
            new HttpApi.Parts(
                node.service(),
                tokens,
                () ->
                    node.overview()
                        .thenApply(
                            now ->
                                new ServiceDescription(
                                    "0.1", "n1", List.of(), now.waiting(), now.holding())),
                () -> LiveFeed.start(Optional::empty, Clock.systemUTC()),
                new NodeFiles(directory, node.runs(), Backlog.of(directory)),
                DataSets.open(data, "n1", DataRoom.Limits.DEFAULT, InstantSource.system()),
                node::backUpJournal,
                node.meters()));
  }

  static ServedNode start(Path directory, AccessTokens tokens) throws IOException {
    return new ServedNode(directory, tokens);
  }

  HttpRequest.Builder request(String path, String token) {
    return HttpRequest.newBuilder(api.uri().resolve(path))
        .header("Authorization", "Bearer " + token);
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> send(String method, String path, String token) throws Exception {
    return send(request(path, token).method(method, BodyPublishers.noBody()));
  }

  JsonNode json(String method, String path, String token) throws Exception {
    return json(send(method, path, token));
  }

  static JsonNode json(HttpResponse<String> answer) throws IOException {
    return Json.LENIENT.readTree(answer.body());
  }

  /** Submits a run of so many steps. */
  HttpResponse<String> submit(String token, String name, long epochs, String... overrides)
      throws Exception {
    return submit(request("/v1/runs", token), name, epochs, overrides);
  }

  HttpResponse<String> submit(
      HttpRequest.Builder request, String name, long epochs, String... overrides) throws Exception {
    return submitText(
        request,
        "name = \"%s\"%ndata = digits%nmodel = lenet-300-100%ntrain { epochs = %d, trainers = 1 }"
            .formatted(name, epochs),
        overrides);
  }

  HttpResponse<String> submitText(HttpRequest.Builder request, String recipe, String... overrides)
      throws Exception {
    var body = Json.LENIENT.createObjectNode().put("recipeText", recipe);
    List.of(overrides).forEach(body.putArray("overrides")::add);
    return send(
        request
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())));
  }

  /** The id of a run that is accepted. */
  String submitted(String token, String name, long epochs) throws Exception {
    HttpResponse<String> answer = submit(token, name, epochs);
    if (answer.statusCode() != 201) {
      throw new AssertionError("a run must be accepted: " + answer.body());
    }
    return json(answer).path("run").asText();
  }

  void await(String run, RunState state) throws Exception {
    TestService.await(node.service(), run, state);
  }

  @Override
  public void close() {
    api.close();
    node.close();
  }
}
