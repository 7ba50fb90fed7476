package io.espalier.service.http;

import akka.http.javadsl.model.HttpRequest;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * A request that a route takes.
 *
 * @param caller absent where the route asks for no token
 * @param parameters of the path, as the client encoded them
 */
public record HttpCall(
    HttpRequest request, Optional<Caller> caller, Map<String, String> parameters, QueryText query) {
  /** No slash, no leading dot, nothing to decode: safe as the name of a directory. */
  private static final Pattern RUN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");

  private static final int LONGEST_TOLD = 200;

  public HttpCall {
    parameters = Map.copyOf(parameters);
  }

  /**
   * The id of the run in the path; it is safe as the name of a directory.
   *
   * @throws ProblemException if it cannot be the id of a run
   */
  public String run() {
    String run = parameter("run");
    if (!isRun(run)) {
      throw new ProblemException(
          ProblemKind.NO_SUCH_RUN,
          "a run's id must have 1 to 200 letters, digits, . _ and -: run="
              + run.substring(0, Math.min(run.length(), LONGEST_TOLD)));
    }
    return run;
  }

  static boolean isRun(String text) {
    return RUN.matcher(text).matches();
  }

  /** What stands in the path for a name. */
  public String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  /**
   * The value of a header that may come once.
   *
   * @throws ProblemException if it comes twice
   */
  public Optional<String> header(String name) {
    var values =
        StreamSupport.stream(request.getHeaders().spliterator(), false)
            .filter(header -> header.is(name.toLowerCase(Locale.ROOT)))
            .map(header -> header.value())
            .toList();
    if (values.size() > 1) {
      throw new ProblemException(
          ProblemKind.INVALID_REQUEST,
          "a header must come at most once: header=%s, count=%d".formatted(name, values.size()));
    }
    return values.stream().findFirst();
  }
}
