package io.espalier.service.http;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.server.Directives;
import akka.http.javadsl.server.Route;
import akka.http.scaladsl.model.IllegalUriException;
import akka.japi.Pair;
import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.configs.recipe.NameSuggestion;
import io.espalier.service.Submitter;
import io.espalier.service.View;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * A request that has passed the checks of its endpoint: each parameter of its query is known and,
 * unless the endpoint allows more, comes once. Methods throw a {@link ProblemException} if what
 * they read breaks a rule.
 */
public final class HttpCall {
  /** No slash and no leading dot: safe as the name of a directory. */
  private static final Pattern RUN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");

  private static final int LONGEST_SHOWN = 100;

  private final HttpRequest request;
  private final Optional<CallerDirectory.Caller> caller;
  private final BooleanSupplier isValid;
  private final Map<String, String> parameters;
  private final Map<String, List<String>> query;
  private final RequestBody bodies;

  HttpCall(
      HttpRequest request,
      Endpoint endpoint,
      Optional<CallerDirectory.Caller> caller,
      BooleanSupplier isValid,
      Map<String, String> parameters,
      RequestBody bodies) {
    this.request = request;
    this.caller = caller;
    this.isValid = isValid;
    this.parameters = Map.copyOf(parameters);
    this.query = query(request, endpoint);
    this.bodies = bodies;
  }

  public HttpRequest request() {
    return request;
  }

  /** The name of the caller's token; empty if the endpoint requires none. */
  public String token() {
    return caller.map(CallerDirectory.Caller::name).orElse("");
  }

  /** The runs and data sets that the caller sees; all of them where the endpoint needs no token. */
  public View view() {
    return caller.map(CallerDirectory.Caller::view).orElse(View.WHOLE);
  }

  /** Whose the runs and data sets of this call become, and what they may be. */
  public Submitter submitter() {
    return caller.map(CallerDirectory.Caller::submitter).orElse(Submitter.OPERATOR);
  }

  /** Whether the caller's token is still valid, for answers that take long. */
  public boolean isStillAllowed() {
    return isValid.getAsBoolean();
  }

  /** Refuses a caller who does not see all. */
  public void requireWholeView() {
    if (!view().seesAll()) {
      throw new ProblemException(
          ProblemKind.FORBIDDEN,
          "the call needs a token of the scope all: token=%s, scope=%s"
              .formatted(token(), view().scope().spelling()));
    }
  }

  /** A decoded path parameter; empty if the endpoint has none of that name. */
  public String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  /** The run id in the path, safe as a directory name. */
  public String run() {
    String run = parameter("run");
    if (!RUN.matcher(run).matches()) {
      throw new ProblemException(
          ProblemKind.NO_SUCH_RUN,
          "a run's id must have 1 to 200 letters, digits, . _ and -: run=" + shortened(run));
    }
    return run;
  }

  public Optional<String> header(String name) {
    var values =
        StreamSupport.stream(request.getHeaders().spliterator(), false)
            .filter(header -> header.is(name.toLowerCase(Locale.ROOT)))
            .map(header -> header.value())
            .toList();
    if (values.size() > 1) {
      throw ProblemException.invalid(
          "a header must come at most once: header=%s, count=%d".formatted(name, values.size()));
    }
    return values.stream().findFirst();
  }

  /** The body, a JSON object with {@code known} field names only. */
  public CompletionStage<JsonNode> body(List<String> known) {
    return bodies.object(request, known);
  }

  /**
   * The bytes of a body that may be large; the endpoint must be one that streams. Reading blocks,
   * and fails if none come for a while.
   */
  public InputStream stream() {
    return bodies.stream(request);
  }

  /**
   * Continues with the value of a stage. Akka's own directive leaves a request without an answer if
   * the stage fails with an {@link Error}.
   */
  public <T> Route onSuccess(CompletionStage<T> stage, Function<T, Route> next) {
    CompletionStage<T> safe =
        stage.exceptionallyCompose(
            failure ->
                CompletableFuture.failedFuture(
                    Problem.cause(failure) instanceof Error error
                        ? new ExecutionException(error.toString(), error)
                        : failure));
    return Directives.onSuccess(safe, next);
  }

  public Optional<String> text(String name) {
    return texts(name).stream().findFirst();
  }

  /** The values of a repeatable parameter, in order. */
  public List<String> texts(String name) {
    return List.copyOf(query.getOrDefault(name, List.of()));
  }

  public Optional<Long> number(String name, long least, long most) {
    return text(name).map(text -> number(name, text, least, most));
  }

  public static long number(String name, String text, long least, long most) {
    if (text.matches("\\d{1,18}")) {
      long value = Long.parseLong(text);
      if (value >= least && value <= most) {
        return value;
      }
    }
    throw ProblemException.invalid(
        "%s must be a whole number from %d to %d: %s=%s"
            .formatted(name, least, most, name, shortened(text)));
  }

  /** One of the known words; the problem suggests the nearest. */
  public static String oneOf(String name, String text, List<String> known) {
    if (known.contains(text)) {
      return text;
    }
    throw ProblemException.invalid(
        "%s must be one of %s: %s=%s%s"
            .formatted(name, known, name, shortened(text), suggestion(text, known)));
  }

  public Optional<String> run(String name) {
    Optional<String> run = text(name);
    run.filter(text -> !RUN.matcher(text).matches())
        .ifPresent(
            text -> {
              throw ProblemException.invalid(
                  "%s must be the id of a run: %s=%s".formatted(name, name, shortened(text)));
            });
    return run;
  }

  private static Map<String, List<String>> query(HttpRequest request, Endpoint endpoint) {
    List<String> known = endpoint.query();
    Map<String, List<String>> values = new HashMap<>();
    for (Pair<String, String> each : pairs(request)) {
      String name = each.first();
      if (!known.contains(name)) {
        throw ProblemException.invalid(
            "a query parameter must be one of %s: parameter=%s%s"
                .formatted(known, shortened(name), suggestion(name, known)));
      }
      List<String> texts = values.computeIfAbsent(name, unused -> new ArrayList<>());
      texts.add(each.second());
      if (texts.size() > 1 && !endpoint.repeated().contains(name)) {
        throw ProblemException.invalid(
            "a query parameter must come at most once: parameter=" + name);
      }
    }
    return values;
  }

  private static List<Pair<String, String>> pairs(HttpRequest request) {
    try {
      return request.getUri().query().toList();
    } catch (IllegalUriException e) {
      throw ProblemException.invalid(
          "the query must be key=value, percent-encoded, with & between");
    }
  }

  private static String suggestion(String name, List<String> known) {
    return name.length() > LONGEST_SHOWN ? "" : NameSuggestion.suggestion(name, known);
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
  }
}
