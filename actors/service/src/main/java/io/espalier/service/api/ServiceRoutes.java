package io.espalier.service.api;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaType;
import akka.http.javadsl.model.MediaTypes;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.espalier.configs.recipe.Recipes;
import io.espalier.service.RunQuery;
import io.espalier.service.RunService;
import io.espalier.service.http.ApiJson;
import io.espalier.service.http.HttpCall;
import io.espalier.service.http.HttpResponses;
import io.espalier.service.http.ProblemException;
import io.espalier.service.http.ProblemKind;
import io.espalier.service.http.Role;
import io.espalier.service.http.Route;
import io.espalier.service.http.RouteHandler;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The service itself: what it is made of, its recipes, and whether it lives. */
final class ServiceRoutes {
  private static final List<MediaType> JSON = List.of(MediaTypes.APPLICATION_JSON);
  private static final List<MediaType> TEXT = List.of(MediaTypes.TEXT_PLAIN);
  private static final Optional<Role> ANYONE = Optional.empty();
  private static final RunQuery ONE = new RunQuery(Set.of(), "", 1, Optional.empty());

  private final RunService service;
  private final ServiceDescription.Source description;

  ServiceRoutes(RunService service, ServiceDescription.Source description) {
    this.service = service;
    this.description = description;
  }

  List<Route> routes() {
    return List.of(
        get("/v1/service", Optional.of(Role.READ), JSON, this::describe),
        get("/v1/recipes", Optional.of(Role.READ), JSON, call -> recipes()),
        get("/v1/recipes/{name}", Optional.of(Role.READ), TEXT, ServiceRoutes::recipe),
        get("/v1/openapi.json", ANYONE, JSON, call -> HttpResponses.now(document())),
        get("/health", ANYONE, JSON, call -> HttpResponses.now(state("up"))),
        get("/ready", ANYONE, JSON, this::ready));
  }

  private CompletionStage<HttpResponse> describe(HttpCall call) {
    return description
        .describe()
        .thenApply(each -> HttpResponses.json(200, ServiceDocument.of(each)));
  }

  private CompletionStage<HttpResponse> ready(HttpCall call) {
    return service.list(ONE).thenApply(page -> state("ready"));
  }

  private static HttpResponse state(String state) {
    return HttpResponses.json(200, ApiJson.object().put("status", state));
  }

  private static HttpResponse document() {
    return HttpResponse.create()
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, OpenApiDocument.content()));
  }

  private static CompletionStage<HttpResponse> recipes() {
    ArrayNode list = ApiJson.array();
    for (String name : Recipes.names()) {
      list.addObject().put("name", name).put("summary", Recipes.summary(name).orElse(""));
    }
    return HttpResponses.now(HttpResponses.json(200, list));
  }

  private static CompletionStage<HttpResponse> recipe(HttpCall call) {
    return Recipes.text(call.parameter("name"))
        .map(text -> HttpResponses.now(HttpResponses.text(text)))
        .orElseThrow(
            () ->
                new ProblemException(
                    ProblemKind.NO_SUCH_RESOURCE,
                    "a recipe must be one of those that /v1/recipes lists"));
  }

  private static Route get(
      String path, Optional<Role> role, List<MediaType> produces, RouteHandler handler) {
    return new Route("GET", path, role, List.of(), produces, handler);
  }
}
