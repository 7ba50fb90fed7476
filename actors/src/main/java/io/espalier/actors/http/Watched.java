package io.espalier.actors.http;

import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpResponse;
import akka.stream.javadsl.Source;
import akka.util.ByteString;

/** Answers whose sending is watched. */
final class Watched {
  private Watched() {}

  /**
   * The same answer.
   *
   * @param sent runs once its last byte is handed over, or nobody takes any more
   */
  static HttpResponse response(HttpResponse response, Runnable sent) {
    HttpEntity entity = response.entity();
    Source<ByteString, ?> bytes =
        entity
            .getDataBytes()
            .watchTermination(
                (made, done) -> {
                  done.whenComplete((end, failure) -> sent.run());
                  return made;
                });
    return entity.getContentLengthOption().isPresent()
        ? response.withEntity(
            HttpEntities.create(
                entity.getContentType(), entity.getContentLengthOption().getAsLong(), bytes))
        : response.withEntity(HttpEntities.create(entity.getContentType(), bytes));
  }
}
