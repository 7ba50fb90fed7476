package io.espalier.actors.dashboard;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaType;
import akka.http.javadsl.model.MediaTypes;
import io.espalier.actors.dashboard.asset.Assets;
import io.espalier.actors.dashboard.asset.Page;
import io.espalier.actors.dashboard.stream.LiveStreams;
import io.espalier.actors.http.access.Caller;
import io.espalier.actors.http.access.Role;
import io.espalier.actors.http.document.Json;
import io.espalier.actors.http.route.Answers;
import io.espalier.actors.http.route.Call;
import io.espalier.actors.http.route.Handler;
import io.espalier.actors.http.route.Route;
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
  private Optional<Page> page = Optional.empty();

  DashboardRoutes(DashboardSettings settings, LiveStreams streams, HostRule hosts) {
    this.settings = settings;
    this.streams = streams;
    this.hosts = hosts;
  }

  List<Route> routes() {
    return List.of(
        get("/", List.of(), call -> Answers.now(redirect())),
        get("/dashboard", List.of(), call -> Answers.now(redirect())),
        get(HOME, List.of(MediaTypes.TEXT_HTML), call -> Answers.now(page().answer(call))),
        get(HOME + "assets/{name}", Assets.types(), call -> Answers.now(assets.own(call))),
        get(
            HOME + "assets/uplot/{name}",
            Assets.chartTypes(),
            call -> Answers.now(assets.chart(call))),
        get(HOME + "assets/{folder}/{name}", Assets.types(), call -> Answers.now(assets.own(call))),
        get(HOME + "info", List.of(MediaTypes.APPLICATION_JSON), call -> Answers.now(info())),
        new Route(
            "GET",
            HOME + "live",
            settings.role(),
            List.of(SUBJECT),
            Set.of(SUBJECT),
            List.of(MediaTypes.TEXT_EVENT_STREAM),
            guarded(this::live)));
  }

  private CompletionStage<HttpResponse> live(Call call) {
    String token = call.caller().map(Caller::name).orElse("");
    return streams
        .open(Subjects.of(call.query().texts(SUBJECT)), token)
        .thenApply(
            source ->
                HttpResponse.create()
                    .withEntity(
                        HttpEntities.create(
                            ContentTypes.create(MediaTypes.TEXT_EVENT_STREAM), source))
                    .addHeader(Answers.header("X-Accel-Buffering", "no")));
  }

  private HttpResponse info() {
    boolean isService = settings.service().isPresent();
    return Answers.json(
        200,
        Json.object()
            .put("version", settings.version())
            .put("mode", isService ? "service" : "alone")
            .put("token", settings.role().isPresent())
            .put("control", isService));
  }

  private static HttpResponse redirect() {
    return Answers.empty(302).addHeader(Answers.header("Location", HOME));
  }

  private Route get(String path, List<MediaType> produces, Handler handler) {
    return new Route("GET", path, ANYONE, List.of(), produces, guarded(handler));
  }

  /** Answers only under names of this machine, and tells browsers what the answer may do. */
  private Handler guarded(Handler handler) {
    return call -> {
      hosts.require(call.request());
      return handler
          .handle(call)
          .thenApply(
              response ->
                  response
                      .addHeader(Answers.header("Content-Security-Policy", page().policy()))
                      .addHeader(Answers.header("Referrer-Policy", "no-referrer"))
                      .addHeader(Answers.header("Cross-Origin-Opener-Policy", "same-origin"))
                      .addHeader(Answers.header("Cross-Origin-Resource-Policy", "same-origin")));
    };
  }

  private synchronized Page page() {
    Page read = page.orElseGet(() -> new Page(assets));
    page = Optional.of(read);
    return read;
  }
}
