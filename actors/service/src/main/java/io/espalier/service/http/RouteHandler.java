package io.espalier.service.http;

import akka.http.javadsl.model.HttpResponse;
import java.util.concurrent.CompletionStage;

/** Answers the calls of one route; may throw what a failed stage may hold. */
@FunctionalInterface
public interface RouteHandler {
  CompletionStage<HttpResponse> handle(HttpCall call);
}
