package io.espalier.service.http;

import akka.http.javadsl.model.HttpRequest;
import akka.http.scaladsl.model.IllegalUriException;
import akka.japi.Pair;
import io.espalier.configs.recipe.NameSuggestion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The query of an address; each parameter is known and, unless the route says so, comes once. */
public final class QueryText {
  private static final int LONGEST_SUGGESTED = 100;

  private final Map<String, List<String>> values;

  private QueryText(Map<String, List<String>> values) {
    this.values = values;
  }

  /**
   * Reads the query of a request to a route.
   *
   * @throws ProblemException naming the nearest known parameter for an unknown one
   */
  static QueryText of(HttpRequest request, Route route) {
    List<String> known = route.query();
    Map<String, List<String>> values = new HashMap<>();
    for (Pair<String, String> each : pairs(request)) {
      String name = each.first();
      if (!known.contains(name)) {
        throw refused(
            "a query parameter must be one of %s: parameter=%s%s"
                .formatted(known, shortened(name), suggestion(name, known)));
      }
      List<String> texts = values.computeIfAbsent(name, unused -> new ArrayList<>());
      texts.add(each.second());
      if (texts.size() > 1 && !route.repeated().contains(name)) {
        throw refused("a query parameter must come at most once: parameter=" + name);
      }
    }
    return new QueryText(values);
  }

  /** A parameter's text; empty if it is absent. */
  public Optional<String> text(String name) {
    return texts(name).stream().findFirst();
  }

  /** The texts of a parameter that may come several times, in their order. */
  public List<String> texts(String name) {
    return List.copyOf(values.getOrDefault(name, List.of()));
  }

  /**
   * A whole number of a range.
   *
   * @throws ProblemException if it is none
   */
  public Optional<Long> number(String name, long least, long most) {
    return text(name).map(text -> number(name, text, least, most));
  }

  /**
   * The same for the text of a header.
   *
   * @throws ProblemException if it is none
   */
  public static long number(String name, String text, long least, long most) {
    if (text.matches("\\d{1,18}")) {
      long value = Long.parseLong(text);
      if (value >= least && value <= most) {
        return value;
      }
    }
    throw refused(
        "%s must be a whole number from %d to %d: %s=%s"
            .formatted(name, least, most, name, shortened(text)));
  }

  /**
   * One of several words.
   *
   * @throws ProblemException naming the nearest for any other
   */
  public static String oneOf(String name, String text, List<String> known) {
    if (known.contains(text)) {
      return text;
    }
    throw refused(
        "%s must be one of %s: %s=%s%s"
            .formatted(name, known, name, shortened(text), suggestion(text, known)));
  }

  /**
   * The id of a run.
   *
   * @throws ProblemException if it cannot be one
   */
  public Optional<String> run(String name) {
    Optional<String> run = text(name);
    if (!run.map(HttpCall::isRun).orElse(true)) {
      throw refused(
          "%s must be the id of a run: %s=%s".formatted(name, name, shortened(run.orElse(""))));
    }
    return run;
  }

  private static List<Pair<String, String>> pairs(HttpRequest request) {
    try {
      return request.getUri().query().toList();
    } catch (IllegalUriException e) {
      throw refused("the query must be key=value, percent-encoded, with & between");
    }
  }

  private static String suggestion(String name, List<String> known) {
    return name.length() > LONGEST_SUGGESTED ? "" : NameSuggestion.suggestion(name, known);
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_SUGGESTED ? text : text.substring(0, LONGEST_SUGGESTED) + "…";
  }

  private static ProblemException refused(String detail) {
    return new ProblemException(ProblemKind.INVALID_REQUEST, detail);
  }
}
