package io.espalier.service.dashboard;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaType;
import akka.http.javadsl.model.MediaTypes;
import io.espalier.service.http.ApiJson;
import io.espalier.service.http.Caller;
import io.espalier.service.http.HttpCall;
import io.espalier.service.http.HttpResponses;
import io.espalier.service.http.Role;
import io.espalier.service.http.Route;
import io.espalier.service.http.RouteHandler;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The page, its files, and the stream that it draws. */
final class DashboardRoutes {
  static final String HOME = "/dashboard/";
  private static final String SUBJECT = "subject";
  private static final Optional<Role> ANYONE = Optional.empty();

  private final DashboardSettings settings;
  private final LiveStreams streams;
  private final HostRule hosts;
  private final Assets assets = new Assets();

  /** Read at the first look at the page. */
  private Optional<DashboardPage> page = Optional.empty();

  DashboardRoutes(DashboardSettings settings, LiveStreams streams, HostRule hosts) {
    this.settings = settings;
    this.streams = streams;
    this.hosts = hosts;
  }

  List<Route> routes() {
    return List.of(
        get("/", List.of(), call -> HttpResponses.now(redirect())),
        get("/dashboard", List.of(), call -> HttpResponses.now(redirect())),
        get(HOME, List.of(MediaTypes.TEXT_HTML), call -> HttpResponses.now(page().answer(call))),
        get(HOME + "assets/{name}", Assets.types(), call -> HttpResponses.now(assets.own(call))),
        get(
            HOME + "assets/uplot/{name}",
            Assets.chartTypes(),
            call -> HttpResponses.now(assets.chart(call))),
        get(
            HOME + "assets/{folder}/{name}",
            Assets.types(),
            call -> HttpResponses.now(assets.own(call))),
        get(HOME + "info", List.of(MediaTypes.APPLICATION_JSON), call -> HttpResponses.now(info())),
        new Route(
            "GET",
            HOME + "live",
            settings.role(),
            List.of(SUBJECT),
            Set.of(SUBJECT),
            List.of(MediaTypes.TEXT_EVENT_STREAM),
            guarded(this::live)));
  }

  private CompletionStage<HttpResponse> live(HttpCall call) {
    String token = call.caller().map(Caller::name).orElse("");
    return streams
        .open(Subjects.of(call.query().texts(SUBJECT)), token)
        .thenApply(
            source ->
                HttpResponse.create()
                    .withEntity(
                        HttpEntities.create(
                            ContentTypes.create(MediaTypes.TEXT_EVENT_STREAM), source))
                    .addHeader(HttpResponses.header("X-Accel-Buffering", "no")));
  }

  private HttpResponse info() {
    boolean isService = settings.service().isPresent();
    return HttpResponses.json(
        200,
        ApiJson.object()
            .put("version", settings.version())
            .put("mode", isService ? "service" : "alone")
            .put("token", settings.role().isPresent())
            .put("control", isService));
  }

  private static HttpResponse redirect() {
    return HttpResponses.empty(302).addHeader(HttpResponses.header("Location", HOME));
  }

  private Route get(String path, List<MediaType> produces, RouteHandler handler) {
    return new Route("GET", path, ANYONE, List.of(), produces, guarded(handler));
  }

  /** Answers only under names of this machine, and tells browsers what the answer may do. */
  private RouteHandler guarded(RouteHandler handler) {
    return call -> {
      hosts.require(call.request());
      return handler
          .handle(call)
          .thenApply(
              response ->
                  response
                      .addHeader(HttpResponses.header("Content-Security-Policy", page().policy()))
                      .addHeader(HttpResponses.header("Referrer-Policy", "no-referrer"))
                      .addHeader(HttpResponses.header("Cross-Origin-Opener-Policy", "same-origin"))
                      .addHeader(
                          HttpResponses.header("Cross-Origin-Resource-Policy", "same-origin")));
    };
  }

  private synchronized DashboardPage page() {
    DashboardPage read = page.orElseGet(() -> new DashboardPage(assets));
    page = Optional.of(read);
    return read;
  }
}
