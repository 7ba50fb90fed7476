package io.espalier.service.http;

import akka.event.LoggingAdapter;
import akka.http.ParsingErrorHandler;
import akka.http.javadsl.model.HttpResponse;
import akka.http.scaladsl.model.ErrorInfo;
import akka.http.scaladsl.model.StatusCode;
import akka.http.scaladsl.settings.ServerSettings;

/** Answers input that is not an HTTP request; {@code http.conf} names this class. */
final class ParsingProblems extends ParsingErrorHandler {
  private static final String BROKEN = "\\u%04x".formatted((int) RequestFraming.BREAK);
  private static final String RULE =
      "a request must be as RFC 9112 has it: lines end with CR LF, none begins with a blank,"
          + " Content-Length comes once and is a number, Transfer-Encoding comes once and is"
          + " chunked, without a Content-Length and not in HTTP/1.0; send it again as it should be";

  @Override
  public HttpResponse handle(
      StatusCode status, ErrorInfo info, LoggingAdapter log, ServerSettings settings) {
    int code = status.intValue();
    ProblemKind kind =
        code == ProblemKind.TOO_LARGE.status()
            ? ProblemKind.TOO_LARGE
            : ProblemKind.INVALID_REQUEST;
    String detail = info.summary().contains(BROKEN) ? RULE : info.summary();
    return HttpResponses.finished(HttpResponses.problem(Problem.of(kind, detail), code));
  }
}
