package io.espalier.service.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds the route of a request. */
public final class RouteTable {
  private static final int MOST_SEGMENTS = 8;

  private final List<Route> routes;
  private final String contents;

  /**
   * A route that fits.
   *
   * @param parameters what stands in the path for each name in braces, as the client encoded it
   */
  public record Match(Route route, Map<String, String> parameters) {
    public Match {
      parameters = Map.copyOf(parameters);
    }
  }

  /**
   * @param contents address that tells strangers what there is
   */
  public RouteTable(List<Route> routes, String contents) {
    this.routes = List.copyOf(routes);
    this.contents = contents;
  }

  String contents() {
    return contents;
  }

  public List<Route> routes() {
    return routes;
  }

  /** The route of a method and a path that is still percent-encoded. */
  public Optional<Match> find(String method, String path) {
    return routes.stream()
        .filter(route -> route.method().equals(method))
        .flatMap(route -> match(route, path).stream())
        .findFirst();
  }

  /** The methods that a path has, in the order of the alphabet; none if there is no such path. */
  public Set<String> methods(String path) {
    Set<String> methods = new TreeSet<>();
    for (Route route : routes) {
      if (match(route, path).isPresent()) {
        methods.add(route.method());
      }
    }
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    if (!methods.isEmpty()) {
      methods.add("OPTIONS");
    }
    return methods;
  }

  private static Optional<Match> match(Route route, String path) {
    String[] wanted = route.path().split("/", -1);
    String[] found = path.split("/", MOST_SEGMENTS);
    if (wanted.length != found.length) {
      return Optional.empty();
    }
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].startsWith("{") && !found[i].isEmpty()) {
        parameters.put(wanted[i].substring(1, wanted[i].length() - 1), found[i]);
      } else if (!wanted[i].equals(found[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(new Match(route, parameters));
  }
}
