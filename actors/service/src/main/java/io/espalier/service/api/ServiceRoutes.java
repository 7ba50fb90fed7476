package io.espalier.service.api;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaType;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.espalier.configs.file.Json;
import io.espalier.configs.recipe.Recipes;
import io.espalier.service.ApiJson;
import io.espalier.service.RunQuery;
import io.espalier.service.RunService;
import io.espalier.service.http.Endpoint;
import io.espalier.service.http.HttpCall;
import io.espalier.service.http.HttpResponses;
import io.espalier.service.http.ProblemException;
import io.espalier.service.http.ProblemKind;
import io.espalier.service.http.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The service itself: its nodes, its recipes, its OpenAPI document, and whether it is up. */
final class ServiceRoutes extends AllDirectives {
  static final String CONTENTS = "/v1/openapi.json";

  private static final String DOCUMENT = "/io/espalier/service/api/openapi.json";
  private static final Optional<Role> ANYONE = Optional.empty();
  private static final Optional<Role> READ = Optional.of(Role.READ);
  private static final RunQuery ONE = new RunQuery(Set.of(), "", 1, Optional.empty());

  private final RunService service;
  private final ServiceDescription.Source description;

  ServiceRoutes(RunService service, ServiceDescription.Source description) {
    this.service = service;
    this.description = description;
  }

  List<Endpoint> endpoints() {
    MediaType json = MediaTypes.APPLICATION_JSON;
    return List.of(
        get("/v1/service", READ, json, this::describe),
        get("/v1/recipes", READ, json, call -> recipes()),
        get("/v1/recipes/{name}", READ, MediaTypes.TEXT_PLAIN, this::recipe),
        get(CONTENTS, ANYONE, json, call -> document()),
        get("/health", ANYONE, json, call -> complete(state("up"))).forAnyone(),
        get("/ready", ANYONE, json, this::ready).forAnyone());
  }

  private static Endpoint get(
      String path, Optional<Role> role, MediaType produces, Function<HttpCall, Route> handler) {
    return Endpoint.get(path, role, List.of(), List.of(produces), handler);
  }

  private Route describe(HttpCall call) {
    return call.onSuccess(
        description.describe(),
        described -> complete(HttpResponses.json(200, ApiJson.tree(described))));
  }

  private Route ready(HttpCall call) {
    return call.onSuccess(service.list(ONE), page -> complete(state("ready")));
  }

  private static HttpResponse state(String state) {
    return HttpResponses.json(200, Json.LENIENT.createObjectNode().put("status", state));
  }

  private Route document() {
    try (InputStream stream = ServiceRoutes.class.getResourceAsStream(DOCUMENT)) {
      if (stream == null) {
        throw new IllegalStateException("class path must hold the resource: path=" + DOCUMENT);
      }
      return complete(HttpResponses.of(ContentTypes.APPLICATION_JSON, stream.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Route recipes() {
    ArrayNode list = Json.LENIENT.createArrayNode();
    for (String name : Recipes.names()) {
      list.addObject().put("name", name).put("summary", Recipes.summary(name).orElse(""));
    }
    return complete(HttpResponses.json(200, list));
  }

  private Route recipe(HttpCall call) {
    String text =
        Recipes.text(call.parameter("name"))
            .orElseThrow(
                () ->
                    new ProblemException(
                        ProblemKind.NO_SUCH_RESOURCE,
                        "a recipe must be one of those that /v1/recipes lists"));
    return complete(
        HttpResponses.of(ContentTypes.TEXT_PLAIN_UTF8, text.getBytes(StandardCharsets.UTF_8)));
  }
}
