package io.espalier.service.http;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.AttributeKey;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaType;
import akka.http.javadsl.model.headers.Accept;
import akka.http.javadsl.model.headers.Range;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.ExceptionHandler;
import akka.http.javadsl.server.MethodRejection;
import akka.http.javadsl.server.PathMatchers;
import akka.http.javadsl.server.RejectionHandler;
import akka.http.javadsl.server.Route;
import akka.http.javadsl.server.UnsatisfiableRangeRejection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests by one Akka route: the endpoint of the address and method, then its checks of
 * token, media type and query, then its handler. Failures, rejections and time-outs become
 * problems. Thread-safe.
 */
final class RequestHandler extends AllDirectives {
  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);
  private static final AttributeKey<Matched> MATCHED =
      AttributeKey.create("matched", Matched.class);

  private final ActorSystem<?> system;
  private final HttpSettings settings;
  private final HostCheck host;
  private final HttpServer.Application application;
  private final BearerAuthentication authentication;
  private final RequestBody bodies;
  private final Duration longest;
  private final akka.japi.function.Function<HttpRequest, CompletionStage<HttpResponse>> route;

  private static final class Matched {
    private volatile String path = "none";
    private volatile boolean streams;
    private volatile boolean isAuthenticated;
    private volatile boolean asksForPassword;

    private void match(Endpoint endpoint) {
      path = endpoint.path();
      streams = endpoint.streams();
    }
  }

  RequestHandler(
      ActorSystem<?> system,
      HttpSettings settings,
      HostCheck host,
      HttpServer.Application application) {
    this.system = system;
    this.settings = settings;
    this.host = host;
    this.application = application;
    this.authentication =
        new BearerAuthentication(application.callers(), application.observer()::refused);
    this.bodies = new RequestBody(system, settings.times().body());
    this.longest = settings.times().body().plus(settings.times().answer());
    this.route = route().handler(system);
  }

  /** The stage never fails. */
  CompletionStage<HttpResponse> answer(HttpRequest received) {
    long begun = System.nanoTime();
    var matched = new Matched();
    HttpRequest request = simplified(received).addAttribute(MATCHED, matched);
    return limited(routed(request).toCompletableFuture(), matched)
        .exceptionally(failure -> refuse(request, failure))
        .thenApply(
            response -> {
              application
                  .observer()
                  .answered(
                      request.method().value(),
                      matched.path,
                      response.status().intValue(),
                      System.nanoTime() - begun);
              return finished(request, response)
                  .addAttribute(ConnectionStage.AUTHENTICATED, matched.isAuthenticated);
            });
  }

  private HttpResponse finished(HttpRequest request, HttpResponse response) {
    HttpResponse finished = HttpResponses.finished(response);
    return settings.tls().isEmpty() || HostCheck.isNameless(request)
        ? finished
        : finished.addHeader(HttpResponses.STRICT_TRANSPORT);
  }

  /** A body that streams ends by its own silence. */
  private CompletableFuture<HttpResponse> limited(
      CompletableFuture<HttpResponse> answer, Matched matched) {
    return matched.streams ? answer : answer.orTimeout(longest.toMillis(), TimeUnit.MILLISECONDS);
  }

  private CompletionStage<HttpResponse> routed(HttpRequest request) {
    try {
      return route.apply(request);
    } catch (Exception e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Route route() {
    Route endpoints =
        application.endpoints().stream()
            .map(each -> at(List.of(each.path().substring(1).split("/", -1)), Map.of(), each))
            .reduce((first, second) -> concat(first, second))
            .orElseThrow();
    Route checked =
        extractRequest(
            request -> {
              host.require(request);
              return endpoints;
            });
    return handleExceptions(exceptions(), () -> handleRejections(rejections(), () -> checked));
  }

  private Route at(List<String> segments, Map<String, String> parameters, Endpoint endpoint) {
    if (segments.isEmpty()) {
      return pathEnd(() -> matched(endpoint, parameters));
    }
    String segment = segments.get(0);
    List<String> rest = segments.subList(1, segments.size());
    if (segment.isEmpty()) {
      return pathSingleSlash(() -> matched(endpoint, parameters));
    }
    if (!segment.startsWith("{")) {
      return pathPrefix(segment, () -> at(rest, parameters, endpoint));
    }
    return pathPrefix(
        PathMatchers.segment(),
        value -> {
          Map<String, String> more = new HashMap<>(parameters);
          more.put(segment.substring(1, segment.length() - 1), value);
          return at(rest, more, endpoint);
        });
  }

  private Route matched(Endpoint endpoint, Map<String, String> parameters) {
    return method(
        endpoint.method(), () -> extractRequest(request -> checked(endpoint, parameters, request)));
  }

  private Route checked(Endpoint endpoint, Map<String, String> parameters, HttpRequest request) {
    Matched matched = request.getAttribute(MATCHED).orElseThrow();
    matched.match(endpoint);
    Optional<CallerDirectory.Caller> caller = caller(endpoint, request, matched);
    matched.isAuthenticated = caller.isPresent();
    requireAccepted(request, endpoint.produces());
    return endpoint
        .handler()
        .apply(
            new HttpCall(
                request,
                endpoint,
                caller,
                () -> caller.map(authentication::isValid).orElse(true),
                parameters,
                bodies));
  }

  private Optional<CallerDirectory.Caller> caller(
      Endpoint endpoint, HttpRequest request, Matched matched) {
    boolean isGuarded = settings.requireToken() && endpoint.role().isEmpty() && !endpoint.always();
    if (!isGuarded) {
      return authentication.authenticate(request, endpoint.role());
    }
    matched.asksForPassword = true;
    return authentication.authenticateBrowser(request, Role.READ);
  }

  private ExceptionHandler exceptions() {
    return ExceptionHandler.newBuilder()
        .matchAny(failure -> extractRequest(request -> complete(refuse(request, failure))))
        .build();
  }

  private RejectionHandler rejections() {
    return RejectionHandler.newBuilder()
        .handleAll(
            MethodRejection.class,
            all -> extractRequest(request -> complete(withoutMethod(request, all))))
        .handle(
            UnsatisfiableRangeRejection.class,
            rejection ->
                failWith(
                    new ProblemException(
                        ProblemKind.RANGE_NOT_SATISFIABLE,
                        "a range must begin inside of the file: bytes="
                            + rejection.actualEntityLength())))
        .handleNotFound(
            failWith(
                new ProblemException(
                    ProblemKind.NO_SUCH_RESOURCE,
                    "see %s for the addresses that there are".formatted(application.contents()))))
        .build();
  }

  private HttpResponse withoutMethod(HttpRequest request, List<MethodRejection> rejections) {
    var methods = new TreeSet<>(List.of("OPTIONS"));
    rejections.forEach(each -> methods.add(each.supported().value()));
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    String allow = String.join(", ", methods);
    HttpResponse response =
        request.method().equals(HttpMethods.OPTIONS)
            ? HttpResponses.empty(204)
            : HttpResponses.problem(
                Problem.of(
                    ProblemKind.METHOD_NOT_ALLOWED,
                    "the address has %s: method=%s".formatted(allow, request.method().value())));
    request.discardEntityBytes(system);
    return response.addHeader(HttpResponses.header("Allow", allow));
  }

  /** Drains the rest of a refused request, unless it is too much. */
  private HttpResponse refuse(HttpRequest request, Throwable failure) {
    Problem problem = application.problems().apply(failure);
    if (problem.kind() == ProblemKind.INTERNAL) {
      LOG.error(
          "a request must not fail: method={}, route={}, cause={}",
          request.method().value(),
          request.getAttribute(MATCHED).map(matched -> matched.path).orElse("none"),
          Problem.cause(failure).toString(),
          failure);
    }
    boolean asksForPassword =
        problem.kind().status() == 401
            && request.getAttribute(MATCHED).map(matched -> matched.asksForPassword).orElse(false);
    HttpResponse response =
        asksForPassword
            ? HttpResponses.problem(problem).addHeader(HttpResponses.PASSWORD)
            : HttpResponses.problem(problem);
    if (RequestBody.isTooLarge(request)) {
      return HttpResponses.last(response);
    }
    request.discardEntityBytes(system);
    return response;
  }

  /**
   * HEAD as GET, as the server omits its body; without If-Match, which only changes need; without a
   * list of ranges, whose client receives the whole file.
   */
  private static HttpRequest simplified(HttpRequest request) {
    HttpRequest simple = request.removeHeader("If-Match");
    if (request.method().equals(HttpMethods.HEAD)) {
      simple = simple.withMethod(HttpMethods.GET);
    }
    boolean isOne =
        request
            .getHeader(Range.class)
            .map(range -> StreamSupport.stream(range.getRanges().spliterator(), false).count() == 1)
            .orElse(true);
    return isOne ? simple : simple.removeHeader("Range");
  }

  private static void requireAccepted(HttpRequest request, List<MediaType> produces) {
    List<Accept> accepts =
        StreamSupport.stream(request.getHeaders(Accept.class).spliterator(), false).toList();
    if (accepts.isEmpty() || produces.isEmpty()) {
      return;
    }
    Function<MediaType, Boolean> isAccepted =
        type ->
            accepts.stream()
                .flatMap(each -> StreamSupport.stream(each.getMediaRanges().spliterator(), false))
                .anyMatch(range -> range.qValue() > 0 && range.matches(type));
    if (produces.stream().noneMatch(isAccepted::apply)) {
      throw new ProblemException(
          ProblemKind.NOT_ACCEPTABLE, "Accept must allow what is there: available=" + produces);
    }
  }
}
