package io.espalier.service.http;

import akka.event.LoggingAdapter;
import akka.http.ParsingErrorHandler;
import akka.http.javadsl.model.HttpResponse;
import akka.http.scaladsl.model.ErrorInfo;
import akka.http.scaladsl.model.StatusCode;
import akka.http.scaladsl.settings.ServerSettings;

/** Answers input that is not an HTTP request; {@code http.conf} names this class. */
final class ParsingProblems extends ParsingErrorHandler {
  @Override
  public HttpResponse handle(
      StatusCode status, ErrorInfo info, LoggingAdapter log, ServerSettings settings) {
    int code = status.intValue();
    ProblemKind kind =
        code == ProblemKind.TOO_LARGE.status()
            ? ProblemKind.TOO_LARGE
            : ProblemKind.INVALID_REQUEST;
    return HttpResponses.finished(HttpResponses.problem(Problem.of(kind, info.summary()), code));
  }
}
