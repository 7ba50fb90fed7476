package io.espalier.service.http;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.MediaType;
import akka.http.javadsl.model.headers.Accept;
import java.util.List;
import java.util.stream.StreamSupport;

/** What media types a request takes as its answer. */
final class AcceptedMediaTypes {
  private AcceptedMediaTypes() {}

  /**
   * Refuses a request that takes none of what the route produces.
   *
   * @throws ProblemException with 406
   */
  static void require(HttpRequest request, List<MediaType> produces) {
    List<Accept> accepts =
        StreamSupport.stream(request.getHeaders(Accept.class).spliterator(), false).toList();
    if (accepts.isEmpty() || produces.isEmpty()) {
      return;
    }
    boolean accepted =
        produces.stream().anyMatch(type -> accepts.stream().anyMatch(each -> takes(each, type)));
    if (!accepted) {
      throw new ProblemException(
          ProblemKind.NOT_ACCEPTABLE, "Accept must allow what is there: available=" + produces);
    }
  }

  private static boolean takes(Accept accept, MediaType type) {
    return StreamSupport.stream(accept.getMediaRanges().spliterator(), false)
        .anyMatch(range -> range.qValue() > 0 && range.matches(type));
  }
}
