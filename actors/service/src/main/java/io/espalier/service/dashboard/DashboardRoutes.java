package io.espalier.service.dashboard;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.MediaType;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import io.espalier.configs.file.Json;
import io.espalier.service.http.Endpoint;
import io.espalier.service.http.HttpCall;
import io.espalier.service.http.HttpResponses;
import io.espalier.service.http.ProblemException;
import io.espalier.service.http.ServerSentEvents;
import io.espalier.telemetry.view.Subject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The page, its files and its stream. */
final class DashboardRoutes extends AllDirectives {
  private static final String HOME = Dashboard.PATH;
  private static final String SUBJECT = "subject";
  private static final int MOST_SUBJECTS = 32;

  private final Dashboard dashboard;
  private final DashboardSettings settings;
  private final Assets assets = new Assets();

  /** Made at the first answer. */
  private List<HttpHeader> headers = List.of();

  DashboardRoutes(Dashboard dashboard, DashboardSettings settings) {
    this.dashboard = dashboard;
    this.settings = settings;
  }

  List<Endpoint> endpoints() {
    return List.of(
        get("/", List.of(), call -> toHome()),
        get("/dashboard", List.of(), call -> toHome()),
        get(HOME, List.of(MediaTypes.TEXT_HTML), call -> asset(assets.page())),
        get(HOME + "assets/{name}", Assets.types(), this::own),
        get(
            HOME + "assets/uplot/{name}",
            Assets.chartTypes(),
            call -> asset(assets.chart(call.parameter("name")))),
        get(HOME + "assets/{folder}/{name}", Assets.types(), this::own),
        get(HOME + "info", List.of(MediaTypes.APPLICATION_JSON), call -> info()),
        new Endpoint(
            HttpMethods.GET,
            HOME + "live",
            settings.role(),
            List.of(SUBJECT),
            Set.of(SUBJECT),
            List.of(MediaTypes.TEXT_EVENT_STREAM),
            guarded(this::live)));
  }

  private Endpoint get(String path, List<MediaType> produces, Function<HttpCall, Route> handler) {
    return Endpoint.get(path, Optional.empty(), List.of(), produces, guarded(handler));
  }

  /** Answers with restrictive headers. */
  private Function<HttpCall, Route> guarded(Function<HttpCall, Route> handler) {
    return call -> {
      Route route = handler.apply(call);
      return respondWithHeaders(headers(), () -> route);
    };
  }

  private synchronized List<HttpHeader> headers() {
    if (headers.isEmpty()) {
      headers =
          List.of(
              HttpResponses.header("Content-Security-Policy", assets.policy()),
              HttpResponses.header("Referrer-Policy", "no-referrer"),
              HttpResponses.header("Cross-Origin-Opener-Policy", "same-origin"),
              HttpResponses.header("Cross-Origin-Resource-Policy", "same-origin"));
    }
    return headers;
  }

  private Route toHome() {
    return complete(HttpResponses.empty(302).addHeader(HttpResponses.header("Location", HOME)));
  }

  private Route own(HttpCall call) {
    return asset(assets.own(call.parameter("folder"), call.parameter("name")));
  }

  /** A client must revalidate each time, as versions change. */
  private Route asset(Assets.Asset asset) {
    return respondWithHeader(
        HttpResponses.header("Cache-Control", "no-cache"),
        () -> conditional(asset.tag(), () -> complete(asset.entity())));
  }

  private Route info() {
    boolean isService = settings.sources().service().isPresent();
    return complete(
        HttpResponses.json(
            200,
            Json.LENIENT
                .createObjectNode()
                .put("version", settings.version())
                .put("mode", isService ? "service" : "alone")
                .put("command", settings.command())
                .put("token", settings.role().isPresent())
                .put("control", isService)
                .put("notes", settings.sources().notes().isPresent())));
  }

  private Route live(HttpCall call) {
    return call.onSuccess(
        dashboard.open(subjects(call.texts(SUBJECT)), call),
        events -> complete(ServerSentEvents.response(events)));
  }

  private static List<Subject> subjects(List<String> texts) {
    if (texts.isEmpty() || texts.size() > MOST_SUBJECTS) {
      throw ProblemException.invalid(
          "subject must come 1 to %d times: count=%d".formatted(MOST_SUBJECTS, texts.size()));
    }
    try {
      List<Subject> subjects = texts.stream().map(Subject::parse).distinct().toList();
      subjects.forEach(Subject::run);
      return subjects;
    } catch (IllegalArgumentException e) {
      throw ProblemException.invalid(String.valueOf(e.getMessage()));
    }
  }
}
