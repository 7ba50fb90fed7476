package io.espalier.service.api;

import akka.http.javadsl.server.Route;
import io.espalier.service.RefusedRequestException;
import io.espalier.service.RunService;
import io.espalier.service.http.Endpoint;
import io.espalier.service.http.HttpCall;
import java.util.Set;

/**
 * Keeps callers from runs that are not in their view. An address of a run that a caller may not see
 * answers as if there were none. An address that is not listed here answers only callers who see
 * all: a new endpoint is closed to others until it is listed.
 */
final class ViewGuard {
  /** Routes that show nothing of runs and data sets, or ask for the view themselves. */
  private static final Set<String> OPEN =
      Set.of(
          "/v1/runs",
          "/v1/data",
          "/v1/data/{name}",
          "/v1/service",
          "/v1/recipes",
          "/v1/recipes/{name}",
          ServiceRoutes.CONTENTS,
          "/health",
          "/ready",
          "/",
          "/dashboard",
          "/dashboard/",
          "/dashboard/info",
          "/dashboard/live");

  private static final String ASSETS = "/dashboard/assets/";

  private final RunService service;

  ViewGuard(RunService service) {
    this.service = service;
  }

  Endpoint guarded(Endpoint endpoint) {
    if (endpoint.path().contains("{run}")) {
      return endpoint.handledBy(call -> ofSeenRun(endpoint, call));
    }
    boolean isOpen = OPEN.contains(endpoint.path()) || endpoint.path().startsWith(ASSETS);
    return isOpen ? endpoint : endpoint.forWholeView();
  }

  private Route ofSeenRun(Endpoint endpoint, HttpCall call) {
    if (call.view().seesAll()) {
      return endpoint.handler().apply(call);
    }
    String run = call.run();
    return call.onSuccess(
        service.ownership(run),
        ownership -> {
          if (!call.view().sees(ownership)) {
            throw RefusedRequestException.noSuchRun(run);
          }
          return endpoint.handler().apply(call);
        });
  }
}
