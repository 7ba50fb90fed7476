package io.espalier.actors.http.route;

import akka.http.javadsl.model.HttpResponse;
import java.util.concurrent.CompletionStage;

/** Answers the calls of one route; may throw what a failed stage may hold. */
@FunctionalInterface
public interface Handler {
  CompletionStage<HttpResponse> handle(Call call);
}
